"""Draws the report strip: 96 quarter hours as at most four paths, with a spoken summary. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby

from felhom_hub.base.instants import from_milliseconds, to_milliseconds
from felhom_hub.base.words import count_words
from felhom_hub.reports.arrivals import CELL_MS, SLOT_SECONDS, SLOTS, Arrivals, Slot, strip_of

_SLOT_WIDTH = 2
_CELL = timedelta(milliseconds=CELL_MS)
# Half bars stand on the ground line of full ones, blocks of missed ones lie on it.
_HEIGHTS = {Slot.ON_TIME: "10", Slot.LATE: "14", Slot.MISSED: "16.3"}
_GAP = 0.6  # between two bars; a block of missed ones ends with it


@dataclass(frozen=True, slots=True)
class Strip:
    """`paths` are (kind, path data), kinds `a` on time, `l` late, `x` missed, `p` paused; `silent` slots end it."""

    paths: tuple[tuple[str, str], ...]
    counts: str
    silent: int

    @property
    def spoken(self) -> str:
        """The summary that replaces the drawing."""
        return f"Last 24 hours: {self.counts}"


def strip_start(now: datetime) -> datetime:
    """When the first quarter hour of every strip begins."""
    slot = to_milliseconds(now) // (SLOT_SECONDS * 1000)
    return from_milliseconds((slot - SLOTS + 1) * SLOT_SECONDS * 1000)


def strip_axis(now: datetime) -> list[datetime]:
    """The start of the strip and its hair lines, six hours apart."""
    start = strip_start(now)
    return [start + timedelta(hours=hours) for hours in (0, 6, 12, 18)]


def strip_drawing(
    arrivals: Arrivals, first_received_at: datetime, *, allowance: timedelta, now: datetime, is_paused: bool
) -> Strip:
    """The strip of a node that has reported."""
    first_ms, now_ms = to_milliseconds(first_received_at), to_milliseconds(now)
    slack = allowance // _CELL
    return _drawing(arrivals, first_ms // CELL_MS, now_ms // CELL_MS, slack, is_paused=is_paused)


# Time moves a strip on every five minutes, and the pages that show it refresh every minute.
@lru_cache(maxsize=2048)
def _drawing(arrivals: Arrivals, first_cell: int, now_cell: int, slack: int, *, is_paused: bool) -> Strip:
    first_ms, now_ms = first_cell * CELL_MS, now_cell * CELL_MS
    slots = strip_of(arrivals, first_received_ms=first_ms, now_ms=now_ms, allowance_ms=slack * CELL_MS)
    late, missed = slots.count(Slot.LATE), slots.count(Slot.MISSED)
    due = SLOTS - slots.count(Slot.BEFORE)
    counts = f"{due - missed} of {due} reports arrived, {late} late, {missed} missed"
    silent = next((place for place, slot in enumerate(reversed(slots)) if slot is not Slot.MISSED), SLOTS)
    if is_paused:
        paused = ("p", f"M0 10H{SLOTS * _SLOT_WIDTH}")
        return Strip((paused,), f"monitoring paused, {count_words(due - missed, 'report')} arrived", silent)
    return Strip(_paths(slots), counts, silent)


def _paths(slots: Sequence[Slot]) -> tuple[tuple[str, str], ...]:
    data: dict[Slot, str] = {}
    begin = 0
    for kind, run in groupby(slots):
        end = begin + len(list(run))
        if kind in _HEIGHTS:
            right = end * _SLOT_WIDTH - (_GAP if kind is Slot.MISSED else 0)
            data[kind] = data.get(kind, "") + f"M{begin * _SLOT_WIDTH} {_HEIGHTS[kind]}H{right:g}"
        begin = end
    names = {Slot.ON_TIME: "a", Slot.LATE: "l", Slot.MISSED: "x"}
    return tuple((names[kind], data[kind]) for kind in names if kind in data)
