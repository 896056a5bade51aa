from typing import Any

import pytest

from felhom_hub.notify.mail_news import MailNews, read_news

DATA = {
    "email_id": "56761188-7520",
    "to": ["Anna@Example.hu"],
    "bounce": {"type": "Permanent", "subType": "NoEmail", "message": "550  no such\r\nuser"},
}


def test_a_bounce_is_read() -> None:
    news = read_news({"type": "email.bounced", "data": DATA})

    assert news == MailNews("bounced", ("anna@example.hu",), "56761188-7520", "550 no such user")


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("email.bounced", "bounced"),
        ("email.suppressed", "bounced"),
        ("email.complained", "complained"),
        ("email.delivered", ""),
        ("email.delivery_delayed", ""),
        ("contact.created", ""),
        (["email.bounced"], ""),
        (None, ""),
    ],
)
def test_only_what_speaks_against_the_address_is_a_cause(kind: Any, cause: str) -> None:
    assert read_news({"type": kind, "data": DATA}).cause == cause


def test_what_could_not_be_delivered_for_the_moment_is_no_cause() -> None:
    full = {**DATA, "bounce": {"type": "Transient", "subType": "MailboxFull"}}

    assert read_news({"type": "email.bounced", "data": full}).cause == ""


def test_an_address_may_have_a_name_before_it_and_stand_alone() -> None:
    assert read_news({"data": {"to": "Anna Kis <anna@example.hu>"}}).recipients == ("anna@example.hu",)
    assert read_news({"data": {"to": [7, None, "", "a@b.hu"]}}).recipients == ("a@b.hu",)


@pytest.mark.parametrize("data", [None, [], "x", 5, {}, {"to": 5, "bounce": [], "email_id": {}}])
def test_whatever_cannot_be_read_is_empty(data: Any) -> None:
    assert read_news({"type": "email.bounced", "data": data}) == MailNews("bounced", (), "", "")
