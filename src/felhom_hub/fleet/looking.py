"""When a look at the overview begins and ends, and with what it is compared. Pure.

A look lasts as long as its page goes on refreshing: it ends after half an hour without. So the minute's refresh of a
page that is open does not push away what the operator has not read yet, and a tab that was hidden over night begins
a new look when it is seen again. A page on a wall never ends; its look is begun anew twice a day.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

AWAY = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
STEP = timedelta(minutes=5)  # a page must not cost a write, so "last seen" need not be truer than this


class Look(NamedTuple):
    """What is stored of one browser: the present look, and the end of the one before."""

    began_at: datetime
    seen_at: datetime
    seen: str
    before_at: datetime | None
    before: str


def continued(look: Look, now: datetime) -> Look:
    """The look as it stands at `now`: the same one, or a new one that is compared with how it ended."""
    if now - look.seen_at < AWAY and now - look.began_at < LONGEST:
        return look
    return Look(now, look.seen_at, look.seen, look.seen_at, look.seen)


def seen_now(look: Look | None, trouble: str, now: datetime) -> Look:
    """The look once the page has been shown; None before the first one ever."""
    if look is None:
        return Look(now, now, trouble, None, "")
    return look._replace(seen_at=now, seen=trouble)


def is_worth_writing(stored: Look | None, now: datetime) -> bool:
    """True when what is stored has become too old."""
    return stored is None or now - stored.seen_at >= STEP or now - stored.began_at >= LONGEST
