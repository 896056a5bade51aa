from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.notify.channels.messages import MESSAGE
from tests.servers.smtp import Mailbox

from felhom_hub.notify.channels.email.channel import EmailChannel, mail_of


@pytest.mark.parametrize(
    ("options", "provider"),
    [
        ({}, ""),
        ({"resend_api_key": "re_key"}, "resend"),
        ({"smtp_host": "mail.example.org"}, "smtp"),
    ],
)
def test_the_settings_name_the_provider(
    notifications: Callable[..., None], options: dict[str, str], provider: str
) -> None:
    notifications(**options)

    assert EmailChannel().provider() == provider


def test_mails_of_one_thread_are_gathered(notifications: Callable[..., None]) -> None:
    notifications(from_email="Felhom <hub@example.org>", operator_email="operator@example.org")
    mail = mail_of(MESSAGE)

    assert mail.extra_headers["References"] == "<kovacs-peter.customer@example.org>"
    assert mail.extra_headers["In-Reply-To"] == mail.extra_headers["References"]
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
    assert mail.reply_to == ["operator@example.org"]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x85", "\u2028", "\u2029"])
def test_no_header_can_be_smuggled_in(mailbox: Mailbox, end: str) -> None:
    evil = f"Kovács{end}Bcc: thief@example.org{end}{end}Hello"
    EmailChannel().send(replace(MESSAGE, subject=evil, thread=evil))

    (mail,) = mailbox.mails
    assert mail["Subject"] == "Kovács Bcc: thief@example.org Hello"
    assert (mail["Bcc"], mail["To"]) == (None, "anna@example.hu")
    assert mailbox.said[-1] == "RCPT anna@example.hu"
