"""By when the next backup has to be there, by the schedule and the last one that is known to be good. Pure."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from felhom_hub.base.timetable import Daily, Interval, Timetable

# A backup and its proof take their time; half of a short interval has to do.
_MOST_GRACE: Final = timedelta(hours=3)
# A hub that was off at the time makes up for it at its start.
CATCHING_UP: Final = timedelta(minutes=30)


def timetable_of(schedule: time | timedelta, zone: ZoneInfo) -> Timetable:
    """The schedule as jobs have it."""
    return Daily(schedule, zone) if isinstance(schedule, time) else Interval(schedule)


def late_from(timetable: Timetable, last_at: datetime) -> datetime:
    """From when on the next one is late, if the last good one was made at `last_at`, or none before that time."""
    grace = _MOST_GRACE
    if isinstance(timetable, Interval):
        grace = min(timetable.span / 2, _MOST_GRACE)
    return timetable.following(last_at) + grace


def is_late(timetable: Timetable, last_at: datetime, *, up_since: datetime, now: datetime) -> bool:
    """True where somebody should be told; a hub that has just started has time to catch up."""
    return now >= late_from(timetable, last_at) and now >= up_since + CATCHING_UP
