"""A job's times in words: how often it runs, when it runs next, how long it took; pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from felhom_hub.base.timetable import Daily, Interval, Timetable
from felhom_hub.base.words import date_words, number_words, span_words, weekday_words

_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
# From here on a time of day says more than a number of hours.
_FAR = 6 * _HOUR
_THIS_WEEK_DAYS = 7


def rhythm_words(timetable: Timetable) -> str:
    """`every 60 s`, `every 30 min`, `every 6 h`, `daily at 04:30`."""
    if isinstance(timetable, Daily):
        return f"daily at {timetable.at:%H:%M}"
    assert isinstance(timetable, Interval)
    return interval_words(timetable.span)


def interval_words(interval: timedelta) -> str:
    """The interval in seconds where it is no whole number of minutes."""
    if interval < 2 * _MINUTE or interval % _MINUTE:
        return f"every {number_words(interval / _SECOND)} s"
    return f"every {span_words(interval)}"


def next_words(next_at: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """`in 22 s`, `in 18 min`, `today 21:00`, `tomorrow 05:00`, `Sat 05:00`, `12 Dec 2026, 05:00`; `now` when due."""
    left = next_at - now
    if left <= timedelta():
        return "now"
    if left < _MINUTE:
        return f"in {-(-left // _SECOND)} s"
    if left < _FAR:
        return f"in {span_words(left)}"
    local = next_at.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    near = {0: "today", 1: "tomorrow"}
    if days < _THIS_WEEK_DAYS:
        return f"{near.get(days) or weekday_words(next_at, zone)} {local:%H:%M}"
    return f"{date_words(next_at, zone)}, {local:%H:%M}"


def took_words(milliseconds: int) -> str:
    """`8 ms`, `1.2 s`, `4 min`."""
    if milliseconds < 1000:  # noqa: PLR2004 - a second
        return f"{milliseconds} ms"
    took = timedelta(milliseconds=milliseconds)
    return f"{number_words(took / _SECOND, 1)} s" if took < _MINUTE else span_words(took)
