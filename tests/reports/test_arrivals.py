import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from felhom_hub.base.instants import to_milliseconds
from felhom_hub.reports.arrivals import (
    CELLS,
    SLOTS,
    Arrivals,
    Slot,
    arrival_cells,
    arrived_last_hour,
    cell_of,
    from_bytes,
    missed_last_day,
    strip_of,
    to_bytes,
    with_arrival,
)

NOW = datetime(2026, 11, 23, 12, 7, tzinfo=UTC)  # in the middle of its slot
MINUTE_MS = 60_000
NOW_MS = to_milliseconds(NOW)
LETTERS = {Slot.ON_TIME: "o", Slot.LATE: "l", Slot.MISSED: "x", Slot.BEFORE: "."}


def arrivals_of(minutes_ago: Iterable[float]) -> Arrivals:
    """The set after reports so many minutes ago, in this order."""
    known: Arrivals | None = None
    for minutes in minutes_ago:
        known = with_arrival(known, NOW_MS - round(minutes * MINUTE_MS))
    assert known is not None
    return known


def strip(
    minutes_ago: Iterable[float], *, first: float | None = None, now_ms: int = NOW_MS, allowance: float = 0
) -> str:
    """The strip, a letter a slot; the node's first report came `first` minutes ago, else the oldest of these."""
    ago = list(minutes_ago)
    first_ms = NOW_MS - round((max(ago) if first is None else first) * MINUTE_MS)
    allowance_ms = round(allowance * MINUTE_MS)
    slots = strip_of(arrivals_of(ago), first_received_ms=first_ms, now_ms=now_ms, allowance_ms=allowance_ms)
    return "".join(LETTERS[slot] for slot in slots)


# A report in each quarter hour of two days, 7 minutes after its beginning, the newest just now.
ALL = [15.0 * index for index in range(192)]
LONG_AGO = 60 * 24 * 30


def without(*minutes_ago: float) -> list[float]:
    return [minutes for minutes in ALL if minutes not in minutes_ago]


@pytest.mark.parametrize(
    ("minutes_ago", "end"),
    [
        (ALL, "oooooooo"),
        ([minutes + 7 for minutes in ALL], "oooooooo"),  # the next one is not due yet
        ([minutes + 19 for minutes in ALL], "oooooooo"),
        ([minutes + 24 for minutes in ALL], "ooooooll"),  # it is late by now
        ([minutes + 37 for minutes in ALL], "ooooooxx"),
        (without(0), "oooooooo"),
        (without(0, 15), "ooooooll"),
        (without(0, 15, 30), "oooooxxx"),
        (without(15), "ooooooll"),
        (without(30), "ooooollo"),
        (without(30, 45), "ooooxxlo"),
        (without(30, 45, 60), "oooxxxlo"),
    ],
)
def test_the_newest_slots_say_what_came_and_what_did_not(minutes_ago: list[float], end: str) -> None:
    assert strip(minutes_ago, first=LONG_AGO) == "o" * (SLOTS - 8) + end


def test_an_outage_shows_as_missed_with_a_late_report_at_its_end() -> None:
    outage = [minutes for minutes in ALL if 60 <= minutes <= 60 * 6]

    expected = "o" * (SLOTS - 25) + "x" * 21 + "l" + "ooo"
    assert strip(without(*outage), first=LONG_AGO) == expected


@given(st.lists(st.floats(0, 5), min_size=192, max_size=192))
def test_jitter_over_the_edges_of_slots_is_still_on_time(jitter: list[float]) -> None:
    late = [max(minutes + late, 0) for minutes, late in zip(ALL, jitter, strict=True)]

    assert strip(late, first=LONG_AGO) == "o" * SLOTS


@pytest.mark.parametrize("offset", range(0, 1440, 7))
def test_the_place_of_now_within_a_slot_does_not_matter(offset: int) -> None:
    now_ms = NOW_MS + offset * MINUTE_MS
    known = arrivals_of(minutes - offset + offset % 15 for minutes in ALL)

    assert strip_of(known, first_received_ms=0, now_ms=now_ms) == (Slot.ON_TIME,) * SLOTS


@pytest.mark.parametrize(
    ("minutes_ago", "expected"),
    [
        ([0], "." * 95 + "o"),
        ([15, 0], "." * 94 + "oo"),
        ([7], "." * 95 + "o"),
        ([22, 7], "." * 94 + "oo"),
        ([600], "." * (95 - 40) + "o" + "x" * 40),
        ([60 * 24 - 15], "o" + "x" * 95),
        ([60 * 24], "x" * 96),
        ([60 * 24 * 3], "x" * 96),
    ],
)
def test_before_the_first_report_none_was_expected(minutes_ago: list[float], expected: str) -> None:
    assert strip(minutes_ago) == expected


def test_a_node_that_reports_more_often_is_on_time_all_the_same() -> None:
    assert strip([float(minutes) for minutes in range(60 * 26)], first=LONG_AGO) == "o" * SLOTS


@pytest.mark.parametrize("seed", range(5))
def test_neither_order_nor_repetition_changes_the_set(seed: int) -> None:
    draw = random.Random(seed)
    minutes = [draw.uniform(0, 60 * 30) for _ in range(200)]
    shuffled = draw.sample(minutes * 2, k=len(minutes) * 2)

    assert arrivals_of(shuffled) == arrivals_of(sorted(minutes, reverse=True))


def test_a_report_older_than_the_set_changes_nothing() -> None:
    newest = arrivals_of([0])
    cell_ms = 5 * MINUTE_MS

    assert with_arrival(newest, NOW_MS - CELLS * cell_ms) == newest
    assert with_arrival(newest, NOW_MS - (CELLS - 1) * cell_ms) == Arrivals(1 << CELLS - 1 | 1, newest.newest_cell)


def test_after_a_long_silence_the_set_holds_the_newest_report_only() -> None:
    assert arrivals_of([60 * 24 * 300, 60 * 24 * 200, 0]) == Arrivals(1, cell_of(NOW_MS))
    assert arrivals_of([5 * CELLS, 0]) == Arrivals(1, cell_of(NOW_MS))


@given(st.integers(0, (1 << CELLS) - 1), st.integers(0, 10**7))
def test_a_set_comes_back_as_it_was_stored(bits: int, cell: int) -> None:
    stored = to_bytes(Arrivals(bits, cell))

    assert from_bytes(stored, cell) == Arrivals(bits, cell)
    assert len(stored) == 39


@pytest.mark.parametrize(
    ("minutes_ago", "first", "counted"),
    [
        (ALL, LONG_AGO, (4, 4)),
        ([minutes + 14 for minutes in ALL], LONG_AGO, (4, 4)),
        ([minutes + 19 for minutes in ALL], LONG_AGO, (4, 4)),
        ([minutes + 21 for minutes in ALL], LONG_AGO, (3, 4)),
        ([minutes + 36 for minutes in ALL], LONG_AGO, (2, 4)),
        ([minutes + 90 for minutes in ALL], LONG_AGO, (0, 4)),
        (without(15), LONG_AGO, (3, 4)),
        (without(15, 30, 45), LONG_AGO, (1, 4)),
        ([0], 0, (1, 1)),
        ([12], 12, (1, 1)),
        ([15, 0], 15, (1, 1)),
        ([15, 0], 20, (2, 2)),
        ([float(minutes) for minutes in range(120)], LONG_AGO, (4, 4)),
    ],
)
def test_how_many_of_the_last_hours_reports_came(
    minutes_ago: list[float], first: float, counted: tuple[int, int]
) -> None:
    last_ms = NOW_MS - round(min(minutes_ago) * MINUTE_MS)
    found = arrived_last_hour(
        to_bytes(arrivals_of(minutes_ago)),
        first_received_ms=NOW_MS - round(first * MINUTE_MS),
        last_received_ms=last_ms,
        now_ms=NOW_MS,
    )

    assert found == counted


def test_a_clock_that_was_set_back_hides_no_report() -> None:
    now = NOW - timedelta(hours=2)

    assert strip(ALL, first=LONG_AGO, now_ms=to_milliseconds(now)) == "o" * SLOTS


@pytest.mark.parametrize(
    ("minutes_ago", "first", "missed"),
    [
        (range(2, 30 * 60, 15), 30 * 60, 0),
        (range(122, 30 * 60, 15), 30 * 60, 8),
        ([2], 2, 0),
        ([2], 62, 3),
        ([30 * 60], 60 * 60, 96),
    ],
)
def test_missed_reports_of_a_day_are_counted_about(minutes_ago: Iterable[int], first: int, missed: int) -> None:
    ages = list(minutes_ago)

    found = missed_last_day(
        to_bytes(arrivals_of(ages)),
        first_received_ms=NOW_MS - first * MINUTE_MS,
        last_received_ms=NOW_MS - min(ages) * MINUTE_MS,
        now_ms=NOW_MS,
    )

    assert found == missed


def test_the_cells_that_brought_a_report_are_named_oldest_first() -> None:
    newest = cell_of(NOW_MS)

    assert arrival_cells(arrivals_of([60, 15, 0])) == [newest - 12, newest - 3, newest]


def test_a_node_that_reports_every_hour_misses_nothing_by_its_allowance() -> None:
    hourly = [60.0 * index for index in range(48)]

    assert set(strip(hourly, first=LONG_AGO, allowance=45)) == {"o"}
    assert "x" in strip(hourly, first=LONG_AGO)
    assert "x" in strip([0, 60, 240, 300], first=LONG_AGO, allowance=45)[-20:]
