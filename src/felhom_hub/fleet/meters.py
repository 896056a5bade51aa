"""The micro-meters: number, unit, bar and the two lines that decide about high and critical. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Literal

from felhom_hub.configs.thresholds import METERS, lines_of

Tone = Literal["", "warn", "down"]

# A value from before this is shown as last known, never as live (design language, section 1).
LAST_KNOWN_AFTER = timedelta(minutes=60)

# The bar is drawn 60 wide; a notch stays visible beside its edge.
BAR_WIDTH = 60
_FULL = 100


@dataclass(frozen=True, slots=True)
class Lines:
    """From `high` on a value is a warning, from `critical` on it is critical."""

    high: float
    critical: float

    def tone_of(self, value: float) -> Tone:
        """Judged as it is shown, rounded: 84.6 % reads 85 %."""
        shown = round(value)
        return "down" if shown >= self.critical else "warn" if shown >= self.high else ""


def _lines(own: Mapping[str, float], meter: str) -> Lines:
    return Lines(*lines_of(own, meter))


CPU, MEMORY, DISK, TEMPERATURE = (_lines({}, meter) for meter in METERS)


@dataclass(frozen=True, slots=True)
class AllLines:
    """The lines of one customer's meters."""

    cpu: Lines = CPU
    memory: Lines = MEMORY
    disk: Lines = DISK
    temperature: Lines = TEMPERATURE


DEFAULT_LINES = AllLines()


def lines_with(own: Mapping[str, float] | None) -> AllLines:
    """The hub's lines, with a customer's own ones in their places (`configs.queries.own_thresholds`)."""
    return AllLines(*(_lines(own, meter) for meter in METERS)) if own else DEFAULT_LINES


@dataclass(frozen=True, slots=True)
class Meter:
    """`value` is None where it is not reported; `length` and `notches` are places on the bar."""

    value: int | None
    unit: str
    tone: Tone = ""
    is_old: bool = False
    length: float = 0
    notches: str = ""
    title: str = ""

    @property
    def spoken(self) -> str:
        """What the colour and shape say, in a word."""
        return {"": "", "warn": "high", "down": "critical"}[self.tone]


@lru_cache(maxsize=8192)  # readings are alike: a page of a hundred servers has four hundred of them
def meter_of(value: float | None, lines: Lines, *, unit: str = "%", is_old: bool = False, title: str = "") -> Meter:
    """The meter of a reading; one that is no longer live warns of nothing."""
    if value is None:
        return Meter(None, unit)
    notches = "".join(f"M{line * BAR_WIDTH / _FULL:g} 0v5" for line in (lines.high, lines.critical))
    length = round(min(max(value, 0), _FULL) * BAR_WIDTH / _FULL, 1)
    tone: Tone = "" if is_old else lines.tone_of(value)
    return Meter(round(value), unit, tone, is_old, length, notches, "Last known value" if is_old else title)
