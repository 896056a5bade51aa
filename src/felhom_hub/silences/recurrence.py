"""When a silence holds: once from here to there, or in windows of local time that come again each week. Pure.

A window begins when a clock on the wall first shows its begin, and ends when one last shows its end. So it is longer
in the night in which an hour comes twice, and what falls into the hour that is left out is the moment of the change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60
# However few the weekdays are, one of them comes within so many days; one more for a window that began yesterday.
_LOOKED_AT_DAYS = 8


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time that is silent; without an end it lasts until somebody ends the silence."""

    from_at: datetime
    until_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """True from its begin on, and no more at its end."""
        return self.from_at <= now and (self.until_at is None or now < self.until_at)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Without weekdays (Monday is 0) it is one window. With them, windows begin between `from_at` and `until_at`.

    `from_minute` and `to_minute` count from local midnight; an end that is not later is on the next day.
    """

    from_at: datetime
    until_at: datetime | None
    weekdays: frozenset[int] = frozenset()
    from_minute: int = 0
    to_minute: int = 0

    @property
    def repeats(self) -> bool:
        """True where it comes again."""
        return bool(self.weekdays)


def current_window(schedule: Schedule, now: datetime, zone: ZoneInfo) -> Window | None:
    """The window that `now` lies in; None where it is not silent."""
    if not schedule.repeats:
        window = Window(schedule.from_at, schedule.until_at)
        return window if window.holds(now) else None
    if now < schedule.from_at:
        return None
    first = _local_day(now, zone) - timedelta(days=1)  # may have begun yesterday
    return next((each for each in _windows(schedule, first, 2, zone) if each.holds(now)), None)


def next_window(schedule: Schedule, now: datetime, zone: ZoneInfo) -> Window | None:
    """The first window that begins after `now`; None where none comes any more."""
    return next(iter(next_windows(schedule, now, zone, count=1)), None)


def next_windows(schedule: Schedule, now: datetime, zone: ZoneInfo, *, count: int) -> list[Window]:
    """The first `count` windows that begin after `now`, or as many as come."""
    if not schedule.repeats:
        return [Window(schedule.from_at, schedule.until_at)] if now < schedule.from_at else []
    first = _local_day(max(now, schedule.from_at), zone) - timedelta(days=1)
    found = _windows(schedule, first, _LOOKED_AT_DAYS * count + 2, zone)
    return [each for each in found if each.from_at > now][:count]


def is_over(schedule: Schedule, now: datetime, zone: ZoneInfo) -> bool:
    """True where it is not silent and never will be again."""
    return current_window(schedule, now, zone) is None and next_window(schedule, now, zone) is None


def _windows(schedule: Schedule, first: date, days: int, zone: ZoneInfo) -> Iterator[Window]:
    """Those that begin on one of so many local days, in their order; what lies before `from_at` is cut off."""
    for number in range(days):
        day = first + timedelta(days=number)
        if day.weekday() not in schedule.weekdays:
            continue
        begin = first_instant(day, schedule.from_minute, zone)
        is_next_day = schedule.to_minute <= schedule.from_minute
        end = last_instant(day + timedelta(days=1) if is_next_day else day, schedule.to_minute, zone)
        if schedule.until_at is not None and begin >= schedule.until_at:
            return
        if end > schedule.from_at and begin < end:
            yield Window(max(begin, schedule.from_at), end)


def first_instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """When the wall clock first shows that minute of the day; where it is left out, the moment of the change."""
    return _instant(day, minute, zone, fold=0)


def last_instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """When it last shows it; likewise."""
    return _instant(day, minute, zone, fold=1)


def _instant(day: date, minute: int, zone: ZoneInfo, *, fold: int) -> datetime:
    midnight = datetime.combine(day, time(), zone)
    naive = midnight.replace(tzinfo=None) + timedelta(minutes=minute)
    local = naive.replace(tzinfo=zone, fold=fold)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == naive:
        return at
    return _change_around(naive, zone)


def _change_around(naive: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which clocks leave that local time out.

    Read with the offset before the change it is too late by as much as the clocks jump, with the one after too early.
    """
    late, early = (naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    before, after = early, late
    # Halved down to the second, whatever day and hour the zone's clocks change at.
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == early.astimezone(zone).utcoffset():
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _local_day(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()
