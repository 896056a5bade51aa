from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW
from tests.notify.messages import make_message

from felhom_hub.notify.channel_list import ChannelRow, channel_rows

pytestmark = pytest.mark.django_db

SETTINGS: dict[str, Any] = {
    "resend_api_key": "re_secret",
    "operator_email": "operator@example.org",
    "from_email": "Felhom <hub@example.org>",
    "webhook_url": "https://chat.example.org/hook?token=t0ken",
    "webhook_secret": "whsec",
    "apprise_url": "tgram://b0ttoken/chat",
}


def rows(now: Any = NOW) -> dict[str, ChannelRow]:
    return {row.kind: row for row in channel_rows(now=now)}


def test_what_is_not_set_up_says_what_to_set() -> None:
    assert [(row.label, row.tone, row.state) for row in channel_rows(now=NOW)] == [
        ("Mail", "idle", "not set up"),
        ("Webhook", "idle", "not set up"),
        ("Apprise", "idle", "not set up"),
    ]
    assert rows()["webhook"].missing == "notifications.webhook_url and notifications.webhook_secret"


def test_settings_are_shown_and_no_secret_is(notifications: Callable[..., None]) -> None:
    notifications(**SETTINGS)

    assert rows()["email"].facts == (
        ("Through", "Resend, api.resend.com"),
        ("API key", "set"),
        ("From", "Felhom <hub@example.org>"),
        ("Operator", "o…@example.org"),
    )
    assert rows()["webhook"].facts == (("To", "chat.example.org"), ("Secret", "set"))
    assert rows()["apprise"].facts == (("To", "tgram"), ("Address", "set"))
    assert not any(secret in str(rows()) for secret in ("re_secret", "t0ken", "whsec", "b0ttoken", "operator@"))
    assert {row.missing for row in rows().values()} == {""}


def test_smtp_is_shown_with_its_way(notifications: Callable[..., None]) -> None:
    notifications(
        smtp_host="mail.example.org", smtp_port=465, smtp_security="tls", smtp_username="hub", smtp_password="x"
    )

    assert rows()["email"].facts[:2] == (
        ("Through", "SMTP, mail.example.org, port 465, TLS"),
        ("Signs in", "as hub, password set"),
    )
    assert rows()["email"].facts[3] == ("Operator", "no address")
    assert rows()["email"].missing == "notifications.operator_email"
    notifications(smtp_username="", smtp_security="starttls")
    assert rows()["email"].facts[:2] == (
        ("Through", "SMTP, mail.example.org, port 465, STARTTLS"),
        ("Signs in", "no"),
    )


@pytest.mark.parametrize(
    ("columns", "tone", "state"),
    [
        ({}, "ok", "accepted as re-1"),
        ({"result": "queued", "answer": "503 away", "ended_at": None}, "warn", "not accepted yet: 503 away"),
        ({"result": "failed", "answer": "422 no"}, "down", "failed: 422 no"),
    ],
)
def test_the_newest_answer_says_how_it_fares(
    notifications: Callable[..., None], columns: dict[str, Any], tone: str, state: str
) -> None:
    notifications(**SETTINGS)
    make_message(minutes=9, result="failed", answer="an older answer")
    make_message(minutes=5, **columns)
    make_message(minutes=1, result="queued", answer="", ended_at=None)

    row = rows()["email"]
    assert (row.tone, row.state) == (tone, state)
    assert rows()["webhook"].state == "no message in 24 h"
    assert rows(NOW + timedelta(hours=25))["email"].tone == "idle"
