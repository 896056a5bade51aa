"""What becomes of times that lie ahead of the clock, where it was set back: else each would rest until it is passed.

Rooms above register here what they do about theirs. Jobs need no such thing: `base/schedule.py` knows by their
timetable that a time lies too far ahead.
"""

from collections.abc import Callable
from datetime import datetime

from felhom_hub.reports.receipts import set_back_receipts
from felhom_hub.watch.models import DeafSpan, NodeLevel

Mend = Callable[[datetime], None]

_rooms: dict[str, Mend] = {}


def register_set_back(room: str, mend: Mend) -> None:
    """`mend` is called with the time to which the clock was set back, in the transaction of the first beat after it."""
    _rooms[room] = mend


def clock_was_set_back(now: datetime) -> None:
    """What was noted ahead of the clock that counts from now on happened just now: no silence hides behind it."""
    set_back_receipts(now)
    NodeLevel.objects.filter(heard_at__gt=now).update(heard_at=now)
    NodeLevel.objects.filter(since_at__gt=now).update(since_at=now)
    DeafSpan.objects.filter(from_at__gte=now).delete()
    DeafSpan.objects.filter(to_at__gt=now).update(to_at=now)
    for mend in _rooms.values():
        mend(now)
