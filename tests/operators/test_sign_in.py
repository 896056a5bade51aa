from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from pytest_django import Settings
from tests.operators.site import with_auth
from tests.servers.browser import PASSWORD, PASSWORD_HASH

from felhom_hub.operators.models import AuditEntry, SignInFailure
from felhom_hub.operators.sessions import operator_of
from felhom_hub.operators.sign_in import Refusal, SignedIn, sign_in

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def attempt(password: str) -> SignedIn | Refusal:
    return sign_in(password, address="192.0.2.7", user_agent="Firefox", now=NOON)


def test_the_right_password_opens_a_session(settings: Settings) -> None:
    with_auth(settings, password_hash=PASSWORD_HASH)

    result = attempt(PASSWORD)

    assert isinstance(result, SignedIn)
    assert operator_of(result.token, now=NOON) is not None
    assert SignInFailure.objects.count() == 0


def test_a_wrong_one_is_a_row_and_tells_what_is_left(settings: Settings) -> None:
    with_auth(settings, password_hash=PASSWORD_HASH)

    assert attempt("wrong") == Refusal(
        HTTPStatus.FORBIDDEN, "Wrong password", "4 tries left, then sign-in pauses for 5 min."
    )
    assert list(SignInFailure.objects.values_list("address", "failed_at")) == [("192.0.2.7", NOON)]


def test_while_it_must_wait_even_the_right_password_is_not_checked(settings: Settings) -> None:
    with_auth(settings, password_hash=PASSWORD_HASH)
    for _ in range(5):
        attempt("wrong")

    assert attempt(PASSWORD) == Refusal(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many wrong passwords",
        "Sign-in from your address goes on in 5 min. This try was not checked.",
        timedelta(minutes=5),
    )


def test_sign_ins_are_audited_and_wrong_passwords_from_the_pause_on(settings: Settings) -> None:
    with_auth(settings, password_hash=PASSWORD_HASH)
    attempt(PASSWORD)
    for _ in range(6):
        attempt("wrong")

    assert list(AuditEntry.objects.order_by("id").values_list("action", "actor", "address", "detail")) == [
        ("signed_in", "operator", "192.0.2.7", "Firefox"),
        ("sign_in_paused", "nobody", "192.0.2.7", "5 in 24 h, next try in 5 min"),
    ]
