"""What befalls simulated machines, and when: troubles in turn, outages, flapping, clock errors, old versions.

Everything is a pure function of seed, place in the fleet and time, so that a recorded past and a live fleet join
without a seam. Troubles rotate among the members of a group, one at any time, so that a fleet always shows about the
same mix however the calendar stands.
"""

import random
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

DAY = 86_400.0
HOUR = 3_600.0


class Trouble(StrEnum):
    READ_ONLY_DRIVE = "read-only drive"
    CRASH_LOOP = "crash loop"
    DISK_FILLING = "disk filling"
    HOT = "hot"
    BACKUP_FAILING = "backup failing"
    MEMORY_LEAK = "memory leak"


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time in epoch seconds, end not included."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A member's turn in the rotation of one trouble: it has it for one share of the period, then the next member."""

    trouble: Trouble
    members: int
    place: int
    days: float

    @property
    def period_seconds(self) -> float:
        return self.members * self.days * DAY

    @property
    def onset(self) -> float:
        """The share of the period that passes before the trouble begins."""
        return 1.0 - 1.0 / self.members


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What is particular about one place of the fleet."""

    turn: Turn | None = None
    dialect: str = "v0.30"
    clock_skew_seconds: float = 0.0
    monitoring_paused: bool = False
    is_flapping: bool = False
    has_frequent_outages: bool = False
    sends_snapshots: bool = True  # controllers of old cannot
    has_restic_passwords: bool = True


def _turn(trouble: Trouble, place: int, members: int, days: float) -> Turn:
    return Turn(trouble, members, place, days)


# One line per place of a fleet of 24; larger fleets begin again. At any time: 2 fail, about 4 warn, the rest is fine.
_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(_turn(Trouble.READ_ONLY_DRIVE, 0, 3, 3)),
    Behaviour(has_frequent_outages=True),
    Behaviour(_turn(Trouble.CRASH_LOOP, 0, 3, 2)),
    Behaviour(_turn(Trouble.MEMORY_LEAK, 0, 3, 3)),
    Behaviour(_turn(Trouble.HOT, 0, 2, 4)),
    Behaviour(_turn(Trouble.DISK_FILLING, 0, 4, 9)),
    Behaviour(_turn(Trouble.BACKUP_FAILING, 0, 3, 2), dialect="v0.28"),
    Behaviour(is_flapping=True),
    Behaviour(_turn(Trouble.READ_ONLY_DRIVE, 1, 3, 3), clock_skew_seconds=-95.0),
    Behaviour(_turn(Trouble.DISK_FILLING, 1, 4, 9), dialect="v0.29"),
    Behaviour(_turn(Trouble.CRASH_LOOP, 1, 3, 2), has_restic_passwords=False),
    Behaviour(monitoring_paused=True),
    Behaviour(_turn(Trouble.MEMORY_LEAK, 1, 3, 3)),
    Behaviour(_turn(Trouble.BACKUP_FAILING, 1, 3, 2), dialect="v0.27"),
    Behaviour(_turn(Trouble.HOT, 1, 2, 4)),
    Behaviour(_turn(Trouble.DISK_FILLING, 2, 4, 9)),
    Behaviour(_turn(Trouble.READ_ONLY_DRIVE, 2, 3, 3)),
    Behaviour(clock_skew_seconds=412.0, dialect="v0.21", sends_snapshots=False),
    Behaviour(_turn(Trouble.CRASH_LOOP, 2, 3, 2)),
    Behaviour(_turn(Trouble.MEMORY_LEAK, 2, 3, 3)),
    Behaviour(_turn(Trouble.BACKUP_FAILING, 2, 3, 2)),
    Behaviour(_turn(Trouble.DISK_FILLING, 3, 4, 9)),
    Behaviour(dialect="v0.18"),
    Behaviour(),
)


def behaviour_of(index: int) -> Behaviour:
    """What is particular about a place of the fleet."""
    return _BEHAVIOURS[index % len(_BEHAVIOURS)]


def _lap(turn: Turn, seed: int, at: float) -> tuple[float, float]:
    """Start and length of the rotation's lap that `at` lies in; the same start for every moment of the lap."""
    period = turn.period_seconds
    ahead = round(period * ((turn.place / turn.members + (seed % 97) / 97.0) % 1.0))
    return (at + ahead) // period * period - ahead, period


def phase_of(turn: Turn, seed: int, at: float) -> float:
    """How far the lap has come for this member, 0 to 1; the trouble is on from `turn.onset`."""
    start, period = _lap(turn, seed, at)
    return (at - start) / period


def window_at(turn: Turn, seed: int, at: float) -> Window | None:
    """The trouble's window that `at` lies in, or None while somebody else has it."""
    start, period = _lap(turn, seed, at)
    onset = start + period * turn.onset
    return Window(onset, start + period) if at >= onset else None


def windows_within(turn: Turn, seed: int, span: Window) -> list[Window]:
    """The trouble's windows that begin or end in the span, oldest first."""
    start, period = _lap(turn, seed, span.start)
    windows = []
    start -= period  # the lap before may end its window exactly where the span begins
    while start < span.end:
        window = Window(start + period * turn.onset, start + period)
        if window.end >= span.start and window.start < span.end:
            windows.append(window)
        start += period
    return windows


@lru_cache(maxsize=65_536)
def _outage_in(seed: int, index: int, number: int, length: float, chance: float) -> Window | None:
    """The outage of one stretch of `length` seconds, wholly inside it, if there is one."""
    draw = random.Random(f"{seed}:{index}:outage:{number}")
    if draw.random() > chance:
        return None
    duration = 20 * 60 + draw.random() ** 2 * 5 * HOUR
    start = number * length + draw.random() * (length - duration)
    return Window(start, start + duration)


def _stretch_of(behaviour: Behaviour) -> tuple[float, float]:
    """Length of a stretch and the chance of an outage in it."""
    return (4 * DAY, 0.9) if behaviour.has_frequent_outages else (12 * DAY, 0.5)


def outage_at(seed: int, index: int, at: float) -> Window | None:
    """The power or line failure that `at` lies in, or None."""
    length, chance = _stretch_of(behaviour_of(index))
    window = _outage_in(seed, index, int(at // length), length, chance)
    return window if window is not None and window.start <= at < window.end else None


def last_boot_before(seed: int, index: int, at: float) -> float:
    """When the machine last came up: the end of its last outage, else a planned restart within the last stretches."""
    length, chance = _stretch_of(behaviour_of(index))
    number = int(at // length)
    for past in (number, number - 1, number - 2):
        window = _outage_in(seed, index, past, length, chance)
        if window is not None and window.end <= at:
            return window.end
    return (number - 2) * length + (index % 24) * HOUR


FLAP_SECONDS = 17 * 60.0  # longer than a report's interval, so that a flap loses one or two reports


@lru_cache(maxsize=4_096)
def _is_flap_silent(seed: int, index: int, number: int) -> bool:
    return random.Random(f"{seed}:{index}:flap:{number}").random() < 0.25  # noqa: PLR2004 - one stretch in four


def is_silent(seed: int, index: int, at: float) -> bool:
    """True while the machine sends nothing."""
    if outage_at(seed, index, at) is not None:
        return True
    return behaviour_of(index).is_flapping and _is_flap_silent(seed, index, int(at // FLAP_SECONDS))
