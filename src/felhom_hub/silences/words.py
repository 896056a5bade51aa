"""Silences in words: whom they reach, when they hold, and how they stand now. Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from felhom_hub.base.words import date_words, moment_words, span_words, weekday_words
from felhom_hub.silences.recurrence import MINUTES_A_DAY, Schedule, Window

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_NAMED = 3  # customers; who are more are counted


def near_words(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The local time with its day: "today 16:00", "Mon 16 Mar 2026, 08:00"."""
    local = at.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"today {local:%H:%M}"
    return f"{weekday_words(at, zone)} {date_words(at, zone)}, {local:%H:%M}"


def schedule_words(schedule: Schedule, now: datetime, zone: ZoneInfo) -> str:
    """When it holds: "until Mon 16 Mar 2026, 08:00", "Sundays 02:00 to 04:00"."""
    if schedule.repeats:
        return _repeats_words(schedule, zone)
    until = near_words(schedule.until_at, now, zone) if schedule.until_at else ""
    if schedule.from_at <= now:
        return f"until {until}" if until else "until somebody ends it"
    begin = near_words(schedule.from_at, now, zone)
    return f"{begin} to {_end_words(schedule, zone) or until}" if until else f"from {begin} until somebody ends it"


def span_of(schedule: Schedule, zone: ZoneInfo) -> str:
    """When it holds, in words that stay true: "12 Mar 2026, 16:00 to 16 Mar 2026, 08:00"."""
    if schedule.repeats:
        return _repeats_words(schedule, zone)
    end = moment_words(schedule.until_at, zone) if schedule.until_at else "somebody ends it"
    return f"{moment_words(schedule.from_at, zone)} to {end}"


def _end_words(schedule: Schedule, zone: ZoneInfo) -> str:
    """The end as a time of day where that is the day of the begin."""
    if schedule.until_at is None:
        return ""
    begin, end = schedule.from_at.astimezone(zone), schedule.until_at.astimezone(zone)
    return f"{end:%H:%M}" if begin.date() == end.date() else ""


def _repeats_words(schedule: Schedule, zone: ZoneInfo) -> str:
    hours = f"{minute_words(schedule.from_minute)} to {minute_words(schedule.to_minute)}"
    last = f", last on {_last_day_words(schedule.until_at, zone)}" if schedule.until_at else ""
    return f"{days_words(schedule.weekdays)} {hours}{last}"


def _last_day_words(until_at: datetime, zone: ZoneInfo) -> str:
    last = until_at - timedelta(hours=1)  # it is the midnight behind the last day
    return f"{weekday_words(last, zone)} {date_words(last, zone)}"


def days_words(weekdays: Collection[int]) -> str:
    """`Sundays`, `Wed, Sun`, `every day`."""
    ordered = sorted(weekdays)
    if len(ordered) == len(_DAYS):
        return "every day"
    if len(ordered) == 1:
        return _LONG_DAYS[ordered[0]]
    return ", ".join(_DAYS[day] for day in ordered)


def minute_words(minute: int) -> str:
    """A minute of the day as a time: `02:00`; the last one is `24:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def window_words(window: Window, zone: ZoneInfo) -> str:
    """`Sun 29 Mar 2026, 01:30 to 03:30`."""
    begin = window.from_at.astimezone(zone)
    day = f"{weekday_words(window.from_at, zone)} {date_words(window.from_at, zone)}"
    end = f"{window.until_at.astimezone(zone):%H:%M}" if window.until_at else "its end"
    return f"{day}, {begin:%H:%M} to {end}"


def length_words(window: Window, schedule: Schedule) -> tuple[str, bool]:
    """How long the window is, and True where a change of clocks makes it another length than usual."""
    if window.until_at is None:
        return "", False
    length = window.until_at - window.from_at
    usual = timedelta(minutes=(schedule.to_minute - schedule.from_minute) % MINUTES_A_DAY or MINUTES_A_DAY)
    if not schedule.repeats or length == usual or window.from_at == schedule.from_at:
        return span_words(length), False
    return f"{span_words(length)}, clocks go {'forward' if length < usual else 'back'}", True


def left_words(window: Window, now: datetime) -> str:
    """How an active silence stands: "Active, 1 h 8 min left"."""
    return f"Active, {span_words(window.until_at - now)} left" if window.until_at else "Active, until it is ended"


def reach_words(customers: Iterable[str], tag: str) -> str:
    """Whom it reaches: "all servers", "Farkas Gábor, Oláh Optika and 2 more", "servers with the tag digi"."""
    names = list(customers)
    if tag:
        return f"servers with the tag {tag}"
    if not names:
        return "all servers"
    more = len(names) - _NAMED
    return f"{', '.join(names[:_NAMED])} and {more} more" if more > 0 else ", ".join(names)


def audience_words(*, is_for_customers: bool) -> str:
    """For whom messages are held back."""
    return "" if is_for_customers else "customers are told as ever"
