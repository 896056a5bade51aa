import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.notify.channels.messages import MESSAGE
from tests.servers.certificates import make_certificates
from tests.servers.smtp import USERNAME, Mailbox, running_smtp

from felhom_hub.notify.channels.contract import DeliveryError
from felhom_hub.notify.channels.email.channel import EmailChannel


def failure() -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        EmailChannel().send(MESSAGE)
    return raised.value


def marks(error: DeliveryError) -> tuple[bool, bool, bool]:
    return error.is_permanent, error.is_provider, error.is_uncertain


def test_mail_goes_out_with_tls_and_sign_in(mailbox: Mailbox) -> None:
    assert EmailChannel().send(MESSAGE) == "accepted by 127.0.0.1"

    (mail,) = mailbox.mails
    assert mailbox.said == [f"AUTH {USERNAME}", "MAIL hub@example.org", "RCPT anna@example.hu"]
    assert mail["Message-ID"] == f"<{MESSAGE.key}@example.org>"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == MESSAGE.text.strip()


def test_a_server_that_offers_no_starttls_is_told_nothing(mailbox: Mailbox, notifications: Callable[..., None]) -> None:
    with running_smtp(None) as careless:
        notifications(smtp_port=careless.port)
        error = failure()

        assert marks(error) == (False, True, False)
        assert "STARTTLS" in error.answer
        assert (careless.said, careless.mails, mailbox.mails) == ([], [], [])


@pytest.mark.parametrize("changed", [{"smtp_ca_file": ""}, {"smtp_host": "127.0.0.2"}])
def test_a_certificate_that_proves_nothing_is_told_nothing(
    mailbox: Mailbox, notifications: Callable[..., None], changed: dict[str, str]
) -> None:
    notifications(**changed)

    assert marks(failure()) == (False, True, False)
    assert (mailbox.said, mailbox.mails) == ([], [])


def test_another_authoritys_certificate_is_told_nothing(
    mailbox: Mailbox, notifications: Callable[..., None], tmp_path: Path
) -> None:
    notifications(smtp_ca_file=str(make_certificates(tmp_path)[0]))

    assert "CERTIFICATE_VERIFY_FAILED" in failure().answer
    assert mailbox.said == []


def test_a_wrong_password_is_the_providers_matter_and_not_final(
    mailbox: Mailbox, notifications: Callable[..., None]
) -> None:
    notifications(smtp_password="another")

    error = failure()
    assert marks(error) == (False, True, False)
    assert error.answer.startswith("535 ")
    assert mailbox.mails == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("550 no such mailbox", (True, False, False)),
        ("451 try again later", (False, False, False)),
    ],
)
def test_a_refused_recipient_is_final_where_the_server_says_so(
    mailbox: Mailbox, answer: str, expected: tuple[bool, bool, bool]
) -> None:
    mailbox.rcpt_answer = answer

    error = failure()
    assert (marks(error), error.answer) == (expected, answer)


@pytest.mark.parametrize(
    ("answer", "expected"), [("554 spam", (True, False, False)), ("452 full", (False, False, False))]
)
def test_a_refused_mail_is_final_where_the_server_says_so(
    mailbox: Mailbox, answer: str, expected: tuple[bool, bool, bool]
) -> None:
    mailbox.answer = answer

    error = failure()
    assert (marks(error), error.answer) == (expected, answer)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.usefixtures("no_answer_soon", "mailbox")
def test_a_server_that_says_nothing_is_given_up(notifications: Callable[..., None], silent_port: int) -> None:
    notifications(smtp_port=silent_port)

    assert failure().is_provider


@pytest.mark.usefixtures("mailbox")
def test_where_nobody_listens_nothing_was_sent(notifications: Callable[..., None]) -> None:
    notifications(smtp_port=1)

    assert marks(failure()) == (False, True, False)
