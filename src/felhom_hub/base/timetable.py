"""When a job runs next: after a span of time, or at an hour of each day in a time zone. Pure.

`cronsim` knows what an hour means on the days on which the clocks change, as Debian's cron does: one that does not
exist is the first minute after the gap, and one that comes twice is its first coming.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from cronsim import CronSim


class Timetable(Protocol):
    """What decides a job's times. `text` is kept with the job's row, and tells one timetable from another."""

    @property
    def text(self) -> str:
        """The timetable in a few words, the same for the same times."""

    def first(self, now: datetime) -> datetime:
        """When a job that never ran is due."""

    def following(self, now: datetime) -> datetime:
        """When a job that ran at `now` is due again."""

    def taken_over(self, next_at: datetime, now: datetime) -> datetime:
        """When a job is due that had another timetable, and by that one was due at `next_at`."""


@dataclass(frozen=True)
class Interval:
    """Once in every `span`, the first time at once."""

    span: timedelta

    @property
    def text(self) -> str:
        """As in `Timetable`."""
        return f"every {self.span.total_seconds():g} s"

    def first(self, now: datetime) -> datetime:
        """As in `Timetable`."""
        return now

    def following(self, now: datetime) -> datetime:
        """As in `Timetable`."""
        return now + self.span

    def taken_over(self, next_at: datetime, now: datetime) -> datetime:
        """As in `Timetable`: a shorter interval holds at once."""
        return min(next_at, self.following(now))


@dataclass(frozen=True)
class Daily:
    """Once on each day of the zone, at `at`; a day whose hour has passed before the first start is left out."""

    at: time
    zone: ZoneInfo

    @property
    def text(self) -> str:
        """As in `Timetable`."""
        return f"daily {self.at:%H:%M} {self.zone.key}"

    def first(self, now: datetime) -> datetime:
        """As in `Timetable`."""
        return self.following(now)

    def following(self, now: datetime) -> datetime:
        """As in `Timetable`: however many days were slept through, they are made up for by one run."""
        times = CronSim(f"{self.at.minute} {self.at.hour} * * *", now.astimezone(self.zone))
        while True:
            at: datetime = next(times).astimezone(UTC)
            # In the second coming of an hour cronsim begins with the first one, which has been.
            if at > now:
                return at

    def taken_over(self, next_at: datetime, now: datetime) -> datetime:
        """As in `Timetable`: what was due already stays due."""
        return next_at if next_at <= now else self.following(now)
