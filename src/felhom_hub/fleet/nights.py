"""The last 14 nights of each kind of backup: done, failed, missed, or nothing to expect. Pure.

A night bears the local date of the morning that ends it. It begins in the evening before: a run during the day makes
up for the night that has just ended.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from felhom_hub.events.outcomes import BACKUP, CROSSDRIVE_BACKUP, DB_DUMP, INTEGRITY_CHECK, Outcomes

NIGHTS = 14
_EVENING = time(18)
_MORNING = time(5)  # when the deadlines are looked at (contract 3)
_DAY = timedelta(days=1)
_HOUR_SECONDS = 3600
_BELIEVABLE = timedelta(days=3650)  # a box without a clock tells of other centuries
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

State = Literal["done", "failed", "missed", "none", "waiting"]
_WORDS: Mapping[State, str] = {
    "done": "done",
    "failed": "failed",
    "missed": "missed",
    "none": "not expected",
    "waiting": "not yet",
}
# A night without a backup is as bad as one whose backup failed.
_LOOKS: Mapping[State, tuple[str, str]] = {
    "done": ("ok", "ok"),
    "failed": ("down", "down"),
    "missed": ("down", "down"),
    "none": ("idle", "pending"),
    "waiting": ("idle", "pending"),
}


@dataclass(frozen=True, slots=True)
class Family:
    """The events that tell of one kind of backup; of a nightly one, a night without any is a missed one.

    `is_nightly` None: its rhythm is the box's own affair, and it counts as nightly once it ran on two nights in a row.
    """

    name: str
    outcomes: Outcomes
    is_nightly: bool | None

    @property
    def types(self) -> frozenset[str]:
        """All of its events."""
        return self.outcomes.done | self.outcomes.failed


APP = Family("App backup", BACKUP, is_nightly=True)
DUMP = Family("Database dump", DB_DUMP, is_nightly=True)
COPY = Family("Cross-drive copy", CROSSDRIVE_BACKUP, is_nightly=None)
CHECK = Family("Integrity check", INTEGRITY_CHECK, is_nightly=False)
FAMILIES = (APP, DUMP, COPY, CHECK)
EVENT_TYPES = frozenset().union(*(family.types for family in FAMILIES))


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a backup that is known of."""

    at: datetime
    is_ok: bool


@dataclass(frozen=True, slots=True)
class Night:
    """One night as a mark: `label` says the same in words."""

    date: date
    state: State

    @property
    def words(self) -> str:
        """What is known of it."""
        return _WORDS[self.state]

    @property
    def tone(self) -> str:
        """The tone of its mark."""
        return _LOOKS[self.state][0]

    @property
    def mark(self) -> str:
        """The name of its mark."""
        return _LOOKS[self.state][1]

    @property
    def label(self) -> str:
        """With its date: "Fri 27 Feb: done"."""
        return f"{_DAYS[self.date.weekday()]} {self.date.day} {_MONTHS[self.date.month - 1]}: {self.words}"


def first_evening(now: datetime, zone: ZoneInfo) -> datetime:
    """When the oldest of the nights began."""
    return _local(_night_at(now, zone) - NIGHTS * _DAY, _EVENING, zone)


def runs_of(
    family: Family, events: Iterable[tuple[str, datetime]], *, reported_at: datetime | None, reported_ok: bool | None
) -> list[Run]:
    """The family's known runs in the order of time; the newest report's counts where no event tells of it."""
    runs = [Run(at, event_type in family.outcomes.done) for event_type, at in events if event_type in family.types]
    if reported_at is not None:
        runs.append(Run(reported_at, reported_ok is not False))
    return sorted(runs, key=lambda run: run.at)


def nights_of(
    family: Family, runs: Collection[Run], *, heard_hours: Collection[int], now: datetime, zone: ZoneInfo
) -> list[Night]:
    """The last nights, oldest first. `heard_hours` are the hours since 1970 in which the box reported.

    Of several runs in one night the last one counts. A night is missed only where one was to be expected: after the
    first run that is known of, and while the box was heard from.
    """
    last: dict[date, bool] = {}
    for run in sorted((run for run in runs if abs(run.at - now) < _BELIEVABLE), key=lambda run: run.at):
        last[_night_at(run.at, zone)] = run.is_ok
    newest = _night_at(now, zone)
    dates = [newest - number * _DAY for number in range(NIGHTS)][::-1]
    is_nightly = any(day - _DAY in last for day in last) if family.is_nightly is None else family.is_nightly
    heard = {_night_at(datetime.fromtimestamp(hour * _HOUR_SECONDS, UTC), zone) for hour in heard_hours}
    first = min(last, default=None)

    def state_of(day: date) -> State:
        if day in last:
            return "done" if last[day] else "failed"
        if not is_nightly or first is None or day < first:
            return "none"
        if now < _local(day, _MORNING, zone):
            return "waiting"
        return "missed" if day in heard else "none"

    return [Night(day, state_of(day)) for day in dates]


def expected_words(family: Family, nights: Sequence[Night], *, now: datetime, zone: ZoneInfo) -> str:
    """When the next run of a nightly backup is expected; empty where it has no such rhythm or never ran."""
    if not family.is_nightly or all(night.state == "none" for night in nights):
        return ""
    is_night = now.astimezone(zone).time() < _MORNING
    return "next night" if is_night and nights[-1].state == "done" else "tonight, before 05:00"


def nights_words(nights: Collection[Night]) -> str:
    """What the marks say together: "12 done, 2 missed"."""
    states = [night.state for night in nights]
    shown: tuple[State, ...] = ("done", "failed", "missed")
    parts = [f"{states.count(state)} {_WORDS[state]}" for state in shown if state in states]
    return ", ".join(parts) or "none known"


def _night_at(instant: datetime, zone: ZoneInfo) -> date:
    """The night that the instant belongs to."""
    local = instant.astimezone(zone)
    return local.date() + _DAY if local.time() >= _EVENING else local.date()


def _local(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone)
