"""What an item of the benchmark gives back, and how large its loads are; the numbers' form is left to `table.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BenchError(Exception):
    """A measurement is worth nothing: something was refused, lost, or not as the item says."""


@dataclass(frozen=True)
class Line:
    """One row of the table: `ratio` compares `value` with `than`; `is_met` is None where there is no goal."""

    what: str
    value: float
    unit: str
    than: str = ""
    ratio: float | None = None
    goal: str = ""
    is_met: bool | None = None


@dataclass(frozen=True)
class Outcome:
    """The lines of one item, and everything that they were made of."""

    lines: list[Line]
    details: dict[str, Any]


@dataclass(frozen=True)
class Measured:
    """One item of a report; where `error` says why there is nothing, there are no lines."""

    took_seconds: float
    flush_ms: float  # the disk's flush just before it
    lines: list[Line]
    details: dict[str, Any]
    error: str = ""


@dataclass(frozen=True)
class Report:
    """What build/bench.json holds: one run on one machine."""

    began_at: str
    took_seconds: float
    is_quick: bool
    machine: dict[str, Any]
    items: dict[str, Measured]


@dataclass(frozen=True)
class Plan:
    """How much each item does; `customers` report in turn, four times an hour each."""

    rounds: int = 3
    warm_seconds: int = 3
    seconds: int = 10
    customers: int = 4000
    stored: int = 2_000_000
    fleet: int = 10_000
    fleet_stored: int = 1_000_000
    fleets: tuple[int, ...] = (25, 1000, 10_000)
    repetitions: int = 30
    herd: int = 5000
    herd_seconds: float = 10.0
    waves: int = 3
    reports: int = 100_000
    starts: int = 5
    days: int = 90
    old: int = 400_000
    prune_rate: int = 300  # reports a second
    prune_seconds: int = 10
    crowd: int = 100_000
    crowd_seconds: int = 600
    half: int = 10_000
    half_seconds: int = 180


# Only to see that every item still runs to its end: the numbers mean nothing, and the tests run it.
QUICK = Plan(
    rounds=1,
    warm_seconds=1,
    seconds=2,
    customers=1000,  # so many that no machine sends more in these seconds than they would in a day
    stored=1000,
    fleet=60,
    fleet_stored=500,
    fleets=(5, 8),
    repetitions=2,
    herd=60,
    herd_seconds=0.5,
    waves=2,
    reports=400,
    starts=1,
    days=1,
    old=10_000,
    prune_rate=60,
    prune_seconds=2,
    crowd=1800,
    crowd_seconds=1,
    half=1800,
    half_seconds=1,
)


@dataclass(frozen=True)
class Run:
    """One run of one item: its sizes, an empty directory on the disk that is measured, and where to tell of it."""

    plan: Plan
    directory: Path
    tell: Callable[[str], None]
