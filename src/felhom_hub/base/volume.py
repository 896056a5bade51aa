"""The volume that the hub needs room on, and by which day it will be full at the present growth."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from statistics import median
from typing import Final

from django.conf import settings
from django.db import connection

from felhom_hub.base.sizes import GROWTH_DAYS, sizes_since
from felhom_hub.base.words import count_words, day_words, number_words, size_words

# A forecast from fewer days would be a guess (design language, section 4).
FORECAST_DAYS: Final = 7
# Whatever a forecast says, so little is soon gone: of a small volume this share, of a large one a gigabyte.
_LOW_PERCENT: Final = 5
_LOW_BYTES: Final = 1_000_000_000
# What lies beyond is no date that anybody plans by, and a date has no more than four digits of a year.
_FAR_DAYS: Final = 3650


@dataclass(frozen=True)
class Forecast:
    """`growth` is in bytes a day, over `days`, None where it is not known; `full_on` is None where `words` say why."""

    growth: float | None
    days: int
    full_on: date | None
    words: str
    is_known: bool = False  # True also where it is known that the volume does not fill up


@dataclass(frozen=True)
class Volume:
    """`free_bytes` and `total_bytes` are None where the volume cannot be asked."""

    place: Path
    free_bytes: int | None
    total_bytes: int | None
    forecast: Forecast

    @property
    def low_bytes(self) -> int:
        """With less than so much free it is low on room."""
        return min((self.total_bytes or 0) * _LOW_PERCENT // 100, _LOW_BYTES)

    @property
    def is_low(self) -> bool:
        """False where it cannot be asked."""
        return self.free_bytes is not None and self.free_bytes < self.low_bytes

    @property
    def room_words(self) -> str:
        """`40 MB of 1 GB are free`; for a volume that can be asked."""
        return f"{size_words(self.free_bytes or 0)} of {size_words(self.total_bytes or 0)} are free"


def hub_volume(now: datetime) -> Volume:
    """The database's own volume; on PostgreSQL that of the data directory, whose growth nobody measures."""
    place = _place()
    free, total = _room(place)
    sizes = sizes_since(now.date() - timedelta(days=GROWTH_DAYS))
    if connection.vendor == "sqlite":
        found = forecast(sizes, free_bytes=free, today=now.date())
    else:
        found = Forecast(steady_growth(sizes), _days_of(sizes), None, "not known: it is the database server's")
    return Volume(place, free, total, found)


def volume_room() -> tuple[int | None, int | None]:
    """How many bytes of it are free, and how many there are; no query."""
    return _room(_place())


def forecast(sizes: list[tuple[date, int]], *, free_bytes: int | None, today: date) -> Forecast:
    """By which day the room is used up, from the sizes of the last weeks, oldest first."""
    growth = steady_growth(sizes)
    days = _days_of(sizes)
    if growth is None or days < FORECAST_DAYS:
        have = f"there {'is' if days == 1 else 'are'} {count_words(days, 'day')}"
        return Forecast(growth, days, None, f"not known yet: that takes {FORECAST_DAYS} days of history, {have}")
    if free_bytes is None:
        return Forecast(growth, days, None, "not known: the volume cannot be asked")
    if growth <= 0:
        return Forecast(growth, days, None, "not growing", is_known=True)
    left = free_bytes / growth
    if left > _FAR_DAYS:
        return Forecast(growth, days, None, f"not full within {number_words(_FAR_DAYS // 365)} years", is_known=True)
    full_on = today + timedelta(days=int(left))
    return Forecast(growth, days, full_on, f"full {full_words(full_on, today)}", is_known=True)


def full_words(full_on: date, today: date) -> str:
    """`about 23 Dec 2026, in 30 days`; `today` for today and what has passed."""
    left = (full_on - today).days
    return f"about {day_words(full_on)}, in {count_words(left, 'day')}" if left > 0 else "today"


def _days_of(sizes: list[tuple[date, int]]) -> int:
    return (sizes[-1][0] - sizes[0][0]).days if sizes else 0


def steady_growth(sizes: list[tuple[date, int]]) -> float | None:
    """Bytes a day: the median of the slopes between all pairs of days (Theil and Sen); None for one day only."""
    steady = _without_leaps(sizes)
    slopes = [
        (later - earlier) / (later_day - earlier_day).days
        for index, (earlier_day, earlier) in enumerate(steady)
        for later_day, later in steady[index + 1 :]
    ]
    return median(slopes) if slopes else None


def _without_leaps(sizes: list[tuple[date, int]]) -> list[tuple[date, int]]:
    """As if there had been no day of its own kind, such as that of a move or of a vacuum, but one like the others.

    It is one that moved more than a third of all that was moved; a step in the middle would bend each pair across it.
    """
    steps = [later - earlier for (_, earlier), (_, later) in pairwise(sizes)]
    if len(steps) < FORECAST_DAYS:
        return sizes
    most = sum(map(abs, steps)) / 3
    usual = median(step for step in steps if abs(step) <= most)
    without = accumulate((step if abs(step) <= most else usual for step in steps), initial=sizes[0][1])
    return [(day, round(size)) for (day, _), size in zip(sizes, without, strict=True)]


def _place() -> Path:
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).parent
    return Path(settings.HUB.server.data_dir)


def _room(place: Path) -> tuple[int | None, int | None]:
    try:
        usage = shutil.disk_usage(place)
    except OSError:
        return None, None
    return usage.free, usage.total
