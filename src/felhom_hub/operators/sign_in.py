"""One try to sign in: the password is checked, the failure counted, the session opened; cookies are left to pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import structlog
from django.db import transaction

from felhom_hub.base.words import count_words, span_words
from felhom_hub.operators.audit import nobody_at, operator_at, record_audit
from felhom_hub.operators.devices import device_words
from felhom_hub.operators.password import UnusablePasswordError, check_usable, hash_in_force, is_right
from felhom_hub.operators.sessions import open_session
from felhom_hub.operators.throttle import FREE_FAILURES, Wait, begin_try, take_back, wait_after

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class SignedIn:
    """`token` belongs into the session cookie."""

    token: str


@dataclass(frozen=True)
class Refusal:
    """Why nobody was signed in, as the page says it; `wait` is how long no further try counts."""

    status: HTTPStatus
    title: str
    sentence: str
    wait: timedelta = timedelta()


def sign_in(password: str, *, address: str, user_agent: str, now: datetime) -> SignedIn | Refusal:
    """A session for the right password; a wrong one is counted against the address."""
    right_hash = hash_in_force()
    if not right_hash:
        return Refusal(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "There is no password yet",
            "The hub makes one at its start and prints it once. Start it with felhom-hub serve.",
        )
    try:
        check_usable(password)
    except UnusablePasswordError as error:
        return Refusal(HTTPStatus.BAD_REQUEST, "This cannot be the password", f"{error}.")
    attempt = begin_try(address, now=now)
    if isinstance(attempt, Wait):
        return _must_wait(attempt.until - now)
    if not is_right(password, right_hash):
        _log.warning("wrong operator password", address=address, failures=attempt.failures)
        return _wrong(attempt.failures, address=address, now=now)
    with transaction.atomic():
        take_back(attempt.id)
        token = open_session(password_hash=right_hash, address=address, user_agent=user_agent, now=now)
        record_audit("signed_in", by=operator_at(address), now=now, detail=device_words(user_agent))
    _log.info("operator signed in", address=address)
    return SignedIn(token)


def _must_wait(wait: timedelta) -> Refusal:
    return Refusal(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many wrong passwords",
        f"Sign-in from your address goes on in {_rounded_up(wait)}. This try was not checked.",
        wait,
    )


def _wrong(failures: int, *, address: str, now: datetime) -> Refusal:
    wait = wait_after(failures)
    if wait:
        # Single wrong passwords are typing; those that make somebody wait are worth an entry.
        detail = f"{failures} in 24 h, next try in {span_words(wait)}"
        record_audit("sign_in_paused", by=nobody_at(address), now=now, detail=detail)
        sentence = f"Sign-in from your address now pauses for {span_words(wait)}."
    else:
        left = count_words(FREE_FAILURES - failures, "try", "tries")
        sentence = f"{left} left, then sign-in pauses for {span_words(wait_after(FREE_FAILURES))}."
    return Refusal(HTTPStatus.FORBIDDEN, "Wrong password", sentence, wait)


def _rounded_up(wait: timedelta) -> str:
    """The wait in whole minutes, never less than there is."""
    return span_words(timedelta(minutes=-(-wait // timedelta(minutes=1))))
