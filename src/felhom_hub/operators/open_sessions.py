"""The sessions that are open now, as the operator sees and ends them."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from felhom_hub.operators.audit import Actor, record_audit
from felhom_hub.operators.devices import device_words
from felhom_hub.operators.digests import digest
from felhom_hub.operators.models import Session
from felhom_hub.operators.password import hash_in_force

# A session is named on pages by the beginning of its digest, from which no cookie can be made.
_REFERENCE_LENGTH = 16
_REFERENCE = re.compile(rf"[0-9a-f]{{{_REFERENCE_LENGTH}}}", re.ASCII)
# More than one operator has browsers; the list stays bounded whoever fills it.
MOST_LISTED = 100


@dataclass(frozen=True)
class OpenSession:
    """One signed-in browser; `device` is what it says it is."""

    reference: str
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    is_current: bool


def open_sessions(*, current: str, now: datetime) -> list[OpenSession]:
    """This browser's first (`current` is its digest), then the ones seen last; at most `MOST_LISTED`."""
    rows = _valid(now).order_by("-last_seen_at", "token_digest")[:MOST_LISTED]
    listed = [_shown(row, current) for row in rows]
    return sorted(listed, key=lambda session: not session.is_current)


def revoke_session(reference: str, *, by: Actor, now: datetime) -> bool:
    """The session of that name is over; False when there is none any more."""
    if not _REFERENCE.fullmatch(reference):
        return False
    with transaction.atomic():
        session = Session.objects.filter(token_digest__startswith=reference).first()
        if session is None:
            return False
        session.delete()
        record_audit("session_revoked", by=by, now=now, detail=_place(session))
    return True


def end_other_sessions(*, current: str, by: Actor, now: datetime) -> int:
    """All sessions but this browser's are over; how many those were."""
    with transaction.atomic():
        ended, _ = Session.objects.exclude(token_digest=current).delete()
        record_audit("signed_out_others", by=by, now=now, detail=f"{ended} ended")
    return ended


def end_all_sessions(*, by: Actor, now: datetime) -> int:
    """Nobody is signed in any more, this browser included; how many sessions there were."""
    with transaction.atomic():
        ended, _ = Session.objects.all().delete()
        record_audit("signed_out_everywhere", by=by, now=now, detail=f"{ended} ended")
    return ended


def _valid(now: datetime) -> QuerySet[Session]:
    """Those that would be let in: a session of an earlier password is none."""
    return Session.objects.filter(expires_at__gt=now, password_digest=digest(hash_in_force() or ""))


def _shown(row: Session, current: str) -> OpenSession:
    return OpenSession(
        reference=row.token_digest[:_REFERENCE_LENGTH],
        device=device_words(row.user_agent),
        address=row.address,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        is_current=row.token_digest == current,
    )


def _place(session: Session) -> str:
    return f"{device_words(session.user_agent)}, signed in from {session.address}"
