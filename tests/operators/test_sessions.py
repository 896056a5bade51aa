import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError
from django.forms import model_to_dict
from pytest_django import Settings
from tests.operators.site import with_auth
from tests.servers.browser import PASSWORD_HASH
from tests.two_hubs import locked

from felhom_hub.operators.digests import digest
from felhom_hub.operators.models import Session
from felhom_hub.operators.sessions import Operator, delete_expired, end_session, open_session, operator_of

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(settings: Settings) -> str:
    with_auth(settings, password_hash=PASSWORD_HASH)
    return open_session(password_hash=PASSWORD_HASH, address="192.0.2.7", user_agent="Firefox", now=NOON)


def test_the_row_holds_digests_and_nowhere_the_token_or_the_hash(token: str) -> None:
    row = Session.objects.get()

    assert model_to_dict(row) == {
        "token_digest": digest(token),
        "csrf_token": row.csrf_token,
        "password_digest": digest(PASSWORD_HASH),
        "created_at": NOON,
        "expires_at": NOON + WEEK,
        "last_seen_at": NOON,
        "address": "192.0.2.7",
        "user_agent": "Firefox",
    }
    assert len(row.csrf_token) == 64
    assert row.csrf_token != token


def test_the_token_is_recognised_for_seven_days(token: str) -> None:
    operator = Operator(csrf_token=Session.objects.get().csrf_token, session=digest(token))

    assert operator_of(token, now=NOON) == operator
    assert operator_of(token, now=NOON + WEEK - timedelta(milliseconds=1)) == operator
    assert operator_of(token, now=NOON + WEEK) is None


@pytest.mark.parametrize("wrong", ["", "0" * 64, "authenticated", "0" * 63, "Z" * 64, "ß" * 64, "0" * 100_000])
@pytest.mark.usefixtures("token")
def test_another_token_is_nobodys(wrong: str) -> None:
    assert operator_of(wrong, now=NOON) is None


def test_the_stored_digest_is_no_token(token: str) -> None:
    assert operator_of(digest(token), now=NOON) is None


def test_a_new_password_ends_every_session(token: str, settings: Settings) -> None:
    with_auth(settings, password_hash=PASSWORD_HASH[:-1] + "H")
    assert operator_of(token, now=NOON) is None

    with_auth(settings, password_hash=None)
    assert operator_of(token, now=NOON) is None


def test_without_login_everybody_is_the_operator(settings: Settings) -> None:
    with_auth(settings, password_hash="")
    assert operator_of("", now=NOON) == Operator(csrf_token="", session="")


def test_an_ended_session_is_nobodys_and_others_go_on(token: str) -> None:
    other = open_session(password_hash=PASSWORD_HASH, address="192.0.2.8", user_agent="", now=NOON)

    end_session(token)

    assert operator_of(token, now=NOON) is None
    assert operator_of(other, now=NOON) is not None


def test_the_last_use_is_noted_every_five_minutes(token: str) -> None:
    seen = []
    for minutes in (4, 5, 9, 11):
        operator_of(token, now=NOON + timedelta(minutes=minutes))
        seen.append((Session.objects.get().last_seen_at - NOON) // timedelta(minutes=1))

    assert seen == [0, 5, 5, 11]


def test_a_full_disk_does_not_sign_anybody_out(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr("django.db.models.query.QuerySet.update", refuse)

    assert operator_of(token, now=NOON + timedelta(hours=1)) is not None


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_lock_to_be_let_in(token: str) -> None:
    began = time.monotonic()
    with locked("operators_session"):
        assert operator_of(token, now=NOON + timedelta(hours=1)) is not None

    # The usual wait is five seconds.
    assert time.monotonic() - began < 3
    assert Session.objects.get().last_seen_at == NOON


def test_oversized_and_odd_browser_names_are_stored_cut(settings: Settings) -> None:
    with_auth(settings, password_hash=PASSWORD_HASH)
    open_session(password_hash=PASSWORD_HASH, address="x" * 99, user_agent="a\0" * 999, now=NOON)

    row = Session.objects.get()
    assert (row.address, row.user_agent) == ("x" * 45, "a" * 300)


def test_clean_up_deletes_what_is_over_and_nothing_else(token: str) -> None:
    open_session(password_hash=PASSWORD_HASH, address="", user_agent="", now=NOON - WEEK)

    assert delete_expired(NOON) == 1
    assert operator_of(token, now=NOON) is not None
    assert delete_expired(NOON) == 0
