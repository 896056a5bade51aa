"""Takes what comes from outside once: a call that somebody kept and sends again is told apart from a repetition.

Whoever repeats a call because it heard no answer signs it anew, with another time; a replay bears the old one.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum

from felhom_hub.base.db import Db
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.base.models import Call
from felhom_hub.base.portions import remove_found

# Nobody repeats a call for longer.
REMEMBERED = timedelta(days=3)


class Taken(Enum):
    """What a call was."""

    NEW = "new"
    REPEATED = "repeated"
    REPLAYED = "replayed"


def take_once(db: Db, call_id: str, *, signed_at: datetime, now: datetime) -> Taken:
    """The call is known when the transaction commits; only a new one may change anything.

    `call_id` has 64 characters at most and is the sender's: one sender's ids must begin with its name.
    """
    signed_ms = to_milliseconds(signed_at)
    row = (call_id, signed_ms, to_milliseconds(now))
    if db.insert(Call, ("call_id", "signed_at", "at"), [row], on_conflict="ignore", returning=("id",)):
        return Taken.NEW
    known = db.select(Call, ("signed_at",), key="call_id", values=[call_id])
    return Taken.REPLAYED if known == [(signed_ms,)] else Taken.REPEATED


def prune_calls(now: datetime) -> Iterator[int]:
    """Calls that nobody repeats any more are forgotten; yields after each transaction how many."""
    old = Call.objects.filter(at__lt=now - REMEMBERED)
    return remove_found([old], lambda db, pks: db.delete(Call, pks))
