"""The report strip: which of the last 24 hours' quarter hours brought a report, and which should have but did not.

Stored is a plain set, one bit for each 5 minutes that brought a report, so the order in which reports arrive cannot
matter; what counts as late or missed is decided when it is read. Pure.
"""

from enum import StrEnum

import msgspec

CELL_SECONDS = 300
CELLS = 312  # 26 h: the 24 that are shown, the report before them, and a quarter hour of rounding
SLOT_SECONDS = 900  # a controller's interval, and one bar of the strip
SLOTS = 96
_CELLS_A_SLOT = SLOT_SECONDS // CELL_SECONDS
_REPORTS_AN_HOUR = 4
CELL_MS = CELL_SECONDS * 1000
_DAY_CELLS = SLOTS * _CELLS_A_SLOT
# All that `arrived_last_hour` depends on: this much of the set, and two ages in whole cells, up to this many.
LAST_HOUR_BYTES = 2
LAST_HOUR_CELLS = 2 + _REPORTS_AN_HOUR * _CELLS_A_SLOT
_ONE_INTERVAL_MS = (SLOT_SECONDS + CELL_SECONDS) * 1000
_FOUR_INTERVALS_MS = (4 * SLOT_SECONDS + CELL_SECONDS) * 1000

# Between two reports in time lie 15 minutes and some jitter; two cells can be 20 minutes apart and still hold such.
_ON_TIME_CELLS = 4
_LATE_CELLS = 6  # up to 30 minutes: as long as the node counts as OK


class Slot(StrEnum):
    """What one quarter hour brought."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSED = "missed"
    BEFORE = "before"  # there was no report yet, so none was expected


class Arrivals(msgspec.Struct, frozen=True):
    """Bit i of `bits` is the cell `newest_cell - i`; cells are counted in 5 minutes since 1970."""

    bits: int
    newest_cell: int


def cell_of(milliseconds: int) -> int:
    """The cell that a receive time lies in."""
    return milliseconds // (CELL_SECONDS * 1000)


def with_arrival(arrivals: Arrivals | None, received_ms: int) -> Arrivals:
    """The set with one report more; a report older than the strip changes nothing."""
    cell = cell_of(received_ms)
    if arrivals is None:
        return Arrivals(1, cell)
    ahead = cell - arrivals.newest_cell
    if ahead <= 0:
        bit = 1 << -ahead if -ahead < CELLS else 0
        return Arrivals(arrivals.bits | bit, arrivals.newest_cell)
    kept = arrivals.bits << ahead if ahead < CELLS else 0
    return Arrivals((kept & ((1 << CELLS) - 1)) | 1, cell)


def to_bytes(arrivals: Arrivals) -> bytes:
    """How the set is stored beside `newest_cell`."""
    return arrivals.bits.to_bytes((CELLS + 7) // 8, "little")


def from_bytes(stored: bytes, newest_cell: int) -> Arrivals:
    """The set as it was stored."""
    return Arrivals(int.from_bytes(stored, "little"), newest_cell)


def arrival_cells(arrivals: Arrivals) -> list[int]:
    """The cells that brought a report, oldest first."""
    digits = f"{arrivals.bits:b}"  # oldest first
    oldest = arrivals.newest_cell - len(digits) + 1
    return [oldest + place for place, digit in enumerate(digits) if digit == "1"]


def strip_of(arrivals: Arrivals, *, first_received_ms: int, now_ms: int, allowance_ms: int = 0) -> tuple[Slot, ...]:
    """96 slots, oldest first; the last one is the quarter hour that now lies in, counted only once it brought one.

    A slot without a report is on time where the reports around it lie no more than 20 minutes apart (a report can
    slip over the edge of its slot), late up to 30 minutes, else missed; an allowance comes on top of both. A report
    that comes late makes its own slot late.
    """
    now_cell = cell_of(now_ms)
    first_slot = now_cell // _CELLS_A_SLOT - SLOTS + 1
    slots = [Slot.MISSED] * SLOTS
    on_time, late = _runs(arrivals, now_cell, slack=allowance_ms // CELL_MS)
    for kind, runs in ((Slot.LATE, late), (Slot.ON_TIME, on_time)):
        for first_cell, last_cell in runs:
            begin = max(first_cell // _CELLS_A_SLOT - first_slot, 0)
            end = min(last_cell // _CELLS_A_SLOT - first_slot + 1, SLOTS)
            if begin < end:
                slots[begin:end] = [kind] * (end - begin)
    begun = cell_of(first_received_ms) // _CELLS_A_SLOT - first_slot
    for slot in range(min(max(begun, 0), SLOTS)):
        slots[slot] = Slot.BEFORE
    return tuple(slots)


def _runs(arrivals: Arrivals, now_cell: int, *, slack: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The runs of cells, first and last, that were in time, and those that were late."""
    heard = arrival_cells(arrivals)
    on_time_cells, late_cells = _ON_TIME_CELLS + slack, _LATE_CELLS + slack
    on_time: list[tuple[int, int]] = []
    late: list[tuple[int, int]] = []
    if not heard:
        return on_time, late
    begin = earlier = heard[0]
    for cell in heard:
        gap = cell - earlier
        if gap > on_time_cells:
            on_time.append((begin, earlier))
            late.append((_next_slot(earlier) if gap <= late_cells else cell, cell))
            begin = _next_slot(cell)  # its own slot stays late, whatever else it brings
        earlier = cell
    silent = now_cell - earlier
    on_time.append((begin, now_cell if silent <= on_time_cells else earlier))
    if on_time_cells < silent <= late_cells:
        late.append((_next_slot(earlier), now_cell))
    return [run for run in on_time if run[0] <= run[1]], late


def _next_slot(cell: int) -> int:
    """The first cell of the slot behind the one of `cell`."""
    return (cell // _CELLS_A_SLOT + 1) * _CELLS_A_SLOT


def arrived_last_hour(stored: bytes, *, first_received_ms: int, last_received_ms: int, now_ms: int) -> tuple[int, int]:
    """How many of the last four reports came, and how many were due: fewer than four of a node that is new.

    Counted back from the newest report, so that the place of `now` within an interval cannot hide or invent one.
    """
    due = came = _REPORTS_AN_HOUR
    if now_ms - first_received_ms < _FOUR_INTERVALS_MS:
        due = came = 1 + _intervals_over(now_ms - first_received_ms)
    if now_ms - last_received_ms >= _ONE_INTERVAL_MS:
        came -= _intervals_over(now_ms - last_received_ms)
        if came <= 0:
            return 0, due
    # One more cell than the intervals between the newest and the oldest of them have, for jitter.
    cells = (came - 1) * _CELLS_A_SLOT + 2
    heard = ((stored[0] | stored[1] << 8) & ((1 << cells) - 1)).bit_count()
    return min(heard, came), due


def missed_last_day(
    stored: bytes, *, first_received_ms: int, last_received_ms: int, now_ms: int, allowance_ms: int = 0
) -> int:
    """How many reports of the last 24 hours are missing, about: enough to order servers by, and cheap."""
    # Divided here: ten thousand servers are ordered by it at a time, and `cell_of` takes a third of it all.
    now_cell = now_ms // CELL_MS
    interval = max(1, _CELLS_A_SLOT + allowance_ms // CELL_MS) if allowance_ms else _CELLS_A_SLOT
    due = min(_DAY_CELLS, now_cell - first_received_ms // CELL_MS) // interval
    cells = _DAY_CELLS - now_cell + last_received_ms // CELL_MS
    if cells <= 0:
        return due
    return max(0, due - (int.from_bytes(stored, "little") & (1 << cells) - 1).bit_count())


def _intervals_over(milliseconds: int) -> int:
    """How many reports are overdue after this time: the next one may take 15 minutes and a cell of jitter."""
    return max(0, cell_of(milliseconds) - 1) // _CELLS_A_SLOT
