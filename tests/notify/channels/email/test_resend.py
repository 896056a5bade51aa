from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
from tests.notify.channels.messages import MESSAGE
from tests.servers.resend import Provider

from felhom_hub.notify.channels.contract import DeliveryError
from felhom_hub.notify.channels.email.channel import EmailChannel
from felhom_hub.notify.channels.email.resend import read_answer


def failure() -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        EmailChannel().send(MESSAGE)
    return raised.value


def marks(error: DeliveryError) -> tuple[bool, bool, bool]:
    return error.is_permanent, error.is_provider, error.is_uncertain


def test_the_key_is_a_header_of_the_request_and_not_of_the_mail(resend: Provider) -> None:
    assert EmailChannel().send(MESSAGE) == f"accepted as re-{MESSAGE.key}"

    (request,) = resend.requests
    assert (request["path"], request["key"]) == ("/emails", MESSAGE.key)
    body = request["body"]
    assert (body["from"], body["to"], body["subject"]) == (
        "Felhom <hub@example.org>",
        ["anna@example.hu"],
        "Nem érjük el",
    )
    assert (body["text"], body["html"]) == (MESSAGE.text, MESSAGE.html)
    assert body["headers"]["Message-ID"] == f"<{MESSAGE.key}@example.org>"
    assert "Idempotency-Key" not in body["headers"]


def test_the_same_message_twice_is_accepted_once(resend: Provider) -> None:
    assert EmailChannel().send(MESSAGE) == EmailChannel().send(MESSAGE)
    assert len(resend.accepted) == 1


def test_slow_is_well(resend: Provider) -> None:
    resend.behave("slow")

    assert EmailChannel().send(MESSAGE).startswith("accepted")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (422, (True, False, False)),
        (400, (True, False, False)),
        (429, (False, True, False)),
        (500, (False, True, False)),
        (403, (False, True, False)),  # a key that was changed: mended by the operator
    ],
)
def test_refusals_say_whether_another_try_can_help(
    resend: Provider, status: int, expected: tuple[bool, bool, bool]
) -> None:
    resend.behave(status)
    error = failure()

    assert marks(error) == expected
    assert error.answer.startswith(f"{status} ")
    assert f"told to answer {status}" in error.answer


def test_the_pause_that_the_provider_asks_for_is_told(resend: Provider) -> None:
    resend.headers = {"Retry-After": "120"}
    resend.behave(429)

    assert failure().retry_after == timedelta(minutes=2)


@pytest.mark.parametrize("behaviour", ["hang", "drop", "drip"])
@pytest.mark.usefixtures("no_answer_soon")
def test_without_an_answer_nobody_knows(resend: Provider, behaviour: str) -> None:
    resend.behave(behaviour)

    assert marks(failure()) == (False, True, True)


def test_where_nobody_listens_nothing_was_sent(notifications: Callable[..., None]) -> None:
    notifications(resend_api_key="re_key", resend_api_url="http://127.0.0.1:1")

    assert marks(failure()) == (False, True, False)


def test_a_redirect_is_not_followed(resend: Provider) -> None:
    resend.behave("redirect")

    assert failure().answer.startswith("307 ")
    assert [each["path"] for each in resend.requests] == ["/emails"]


def test_another_message_under_the_same_key_is_final(resend: Provider) -> None:
    resend.accepted[MESSAGE.key] = {"subject": "another"}

    assert marks(failure()) == (True, False, False)


def test_an_answer_is_read_up_to_a_limit(resend: Provider) -> None:
    response = requests.Response()
    response.raw = _Endless()

    with pytest.raises(DeliveryError, match="too long or too slow"):
        read_answer(response)
    assert resend.requests == []


class _Endless:
    def read1(self, size: int, *, decode_content: bool) -> bytes:
        assert decode_content
        return b"x" * size

    def close(self) -> None:
        """There is nothing to close."""

    def release_conn(self) -> None:
        """Nor to give back."""
