"""Sessions of signed-in browsers, kept on the server: opened, recognised by their token, ended, cleaned up.

The cookie holds a random token, the row only its digest. A row also carries a digest of the password hash that was
signed in with, so a new password ends every session (docs/decisions/0009-sessions-of-our-own.md).
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

import structlog
from django.db import DatabaseError

from felhom_hub.base.db import short_wait
from felhom_hub.operators.digests import digest, new_token
from felhom_hub.operators.models import Session
from felhom_hub.operators.password import hash_in_force, is_login_off

SESSION_COOKIE = "hub_session"
SESSION_LIFE = timedelta(days=7)

# `last_seen_at` need not be truer than this; a page must not cost a write.
_SEEN_STEP = timedelta(minutes=5)
_MAX_ADDRESS = 45
_MAX_USER_AGENT = 300
_TOKEN = re.compile(r"[0-9a-f]{64}", re.ASCII)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Operator:
    """Who may look and act. Without login there is no session, and both strings are empty."""

    csrf_token: str
    session: str
    name: str = "operator"


def open_session(*, password_hash: str, address: str, user_agent: str, now: datetime) -> str:
    """A session of `SESSION_LIFE` exists; the token for its cookie, which is nowhere else."""
    token = new_token()
    Session.objects.create(
        token_digest=digest(token),
        csrf_token=new_token(),
        password_digest=digest(password_hash),
        created_at=now,
        expires_at=now + SESSION_LIFE,
        last_seen_at=now,
        address=address[:_MAX_ADDRESS],
        user_agent=user_agent.replace("\0", "")[:_MAX_USER_AGENT],
    )
    return token


def operator_of(token: str, *, now: datetime) -> Operator | None:
    """Whoever the cookie's token belongs to; without login everybody is the operator."""
    if is_login_off():
        return Operator(csrf_token="", session="")
    if not _TOKEN.fullmatch(token):
        return None
    # Looking up a digest tells nothing by its timing: nobody can steer a digest byte by byte.
    session = Session.objects.filter(token_digest=digest(token), expires_at__gt=now).first()
    if session is None:
        return None
    in_force = hash_in_force()
    if not in_force or not compare_digest(session.password_digest, digest(in_force)):
        return None
    if now - session.last_seen_at >= _SEEN_STEP:
        _note_seen(session, now)
    return Operator(csrf_token=session.csrf_token, session=session.token_digest)


def _note_seen(session: Session, now: datetime) -> None:
    try:
        with short_wait():
            Session.objects.filter(pk=session.pk).update(last_seen_at=now)
    except DatabaseError as error:
        # A full disk or a lock must not take away the pages that tell about it; the next page tries again.
        _log.warning("a session's last use could not be noted", error=str(error))


def end_session(token: str) -> None:
    """The token is worth nothing any more."""
    Session.objects.filter(token_digest=digest(token)).delete()


def delete_expired(now: datetime) -> int:
    """Sessions past their time are gone; how many there were."""
    return Session.objects.filter(expires_at__lte=now).delete()[0]
