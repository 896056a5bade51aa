"""Decides whose backup is missing at the deadline: done, missed, silent, unknown, or nobody expected one. Pure.

A backup is done when its box said so by an event or, as old controllers send none, in its newest report. It is expected
of a box that did it lately or reports on it at all. A box that is silent has an alarm already, of the same cause.
What may have been said while the hub was deaf is unknown, unless the box itself has said later when it did it last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from felhom_hub.events.outcomes import BACKUP, DB_DUMP, Outcomes
from felhom_hub.watch.deaf_time import Span, within

AT = time(5)  # contract 3
# Who had none for longer has ended it, and was told of it every day until then.
EXPECTED_FOR = timedelta(days=14)
# Deaf time that is shorter hides no more than a report or two of a fleet.
BRIEF = timedelta(minutes=1)
_BELIEVABLE = timedelta(days=3650)  # Go's zero time, and a box without a clock, tell of other centuries
_FIRST_DAY = date(1970, 1, 1)
_LATE_SECONDS = 24 * 3600.0  # reports/state.py believes a box's clock that is behind by less: its report was late


@dataclass(frozen=True)
class Kind:
    """One kind of backup that has a deadline."""

    name: str
    event_type: str  # that tells of a missed one
    made_up_type: str  # that tells that it was done after all
    outcomes: Outcomes
    words: str


KINDS = (
    Kind("backup", "expected_backup_missed", "expected_backup_done", BACKUP, "backup"),
    Kind("db_dump", "expected_dbdump_missed", "expected_dbdump_done", DB_DUMP, "database dump"),
)


class Verdict(StrEnum):
    """What became of one customer's backup of a day."""

    DONE = "done"
    MISSED = "missed"
    SILENT = "silent"
    UNKNOWN = "unknown"
    NOT_EXPECTED = "not expected"


@dataclass(frozen=True)
class Known:
    """What is known of one customer's backups of one kind.

    `told_at` is the newest event of a backup that was done, within EXPECTED_FOR. The rest is of the newest report: when
    it was made, and when by its word the backup ran last, in the hub's time.
    """

    joined_at: datetime
    told_at: datetime | None
    report_made_at: datetime
    ran_at: datetime | None
    ran_ok: bool | None
    is_silent: bool = False  # stale or down, as it was told

    @property
    def last_done_at(self) -> datetime | None:
        """When it was done last, as far as anybody said."""
        by_report = None if self.ran_ok is False else self.ran_at
        return max(filter(None, (self.told_at, by_report)), default=None)


def day_of_deadline(now: datetime, zone: tzinfo) -> date:
    """The day whose deadline was the last one: today from 05:00 on, else yesterday."""
    today = now.astimezone(zone).date()
    return today if now >= instant_of(today, AT, zone) else today - timedelta(days=1)


def instant_of(day: date, at: time, zone: tzinfo) -> datetime:
    """When it is `at` on that day; where clocks skip it, the end of the gap."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def number_of(day: date) -> int:
    """The day as it is stored: counted from 1970."""
    return (day - _FIRST_DAY) // timedelta(days=1)


def day_of(number: int) -> date:
    """The day that is stored as that number."""
    return _FIRST_DAY + timedelta(days=number)


def in_hub_time(at: datetime | None, *, skew_seconds: float | None, now: datetime) -> datetime | None:
    """A time by the clock of a box, which may be wrong by `skew_seconds`, by ours; None where it tells nothing."""
    if at is None:
        return None
    # A clock that is behind a little is none: the report was under way for so long.
    if skew_seconds is not None and not -_LATE_SECONDS <= skew_seconds <= 0:
        try:
            at -= timedelta(seconds=skew_seconds)
        except OverflowError:  # a time at the end of all times, from a box whose clock is wrong as well
            return None
    return at if abs(at - now) < _BELIEVABLE else None


def verdict_of(known: Known, *, midnight: datetime, now: datetime, deaf: Sequence[Span]) -> Verdict:
    """What became of the backup of the day that began at `midnight`."""
    if known.joined_at >= midnight or (known.told_at is None and known.ran_at is None):
        return Verdict.NOT_EXPECTED
    if known.last_done_at is not None and known.last_done_at >= midnight:
        return Verdict.DONE
    if known.is_silent:
        return Verdict.SILENT
    spans = within(deaf, midnight, now)
    if spans and (known.ran_at is None or known.report_made_at <= spans[-1].to_at):
        return Verdict.UNKNOWN
    return Verdict.MISSED


def hears_since(deaf: Sequence[Span], *, now: datetime, period: timedelta) -> datetime | None:
    """When the hub will have heard everybody again after deaf time; None where it has."""
    ends = [span.to_at + period for span in deaf if span.to_at - span.from_at >= BRIEF]
    last = max(ends, default=now)
    return last if last > now else None
