from datetime import UTC, datetime, timedelta

import pytest

from felhom_hub.base.instants import to_milliseconds
from felhom_hub.fleet.strip import Strip, strip_axis, strip_drawing, strip_start
from felhom_hub.reports.arrivals import Arrivals, with_arrival

NOW = datetime(2026, 11, 23, 12, 5, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)
QUARTER = timedelta(minutes=15)


def arrivals(*ages: timedelta) -> Arrivals:
    found = None
    for age in ages:
        found = with_arrival(found, to_milliseconds(NOW - age))
    assert found is not None
    return found


def strip_now(
    heard: Arrivals, first_at: datetime, *, now: datetime, is_paused: bool, allowance: timedelta = timedelta()
) -> Strip:
    return strip_drawing(heard, first_at, allowance=allowance, now=now, is_paused=is_paused)


def every_quarter_hour(*, but: range = range(0)) -> Arrivals:
    return arrivals(*(QUARTER * number for number in range(100) if number not in but))


def test_a_node_that_reports_every_hour_has_a_day_without_a_gap_too() -> None:
    hourly = arrivals(*(timedelta(hours=number) for number in range(26)))
    allowance = timedelta(minutes=45)

    assert strip_now(hourly, LONG_AGO, now=NOW, is_paused=False, allowance=allowance).paths == (("a", "M0 10H192"),)
    assert len(strip_now(hourly, LONG_AGO, now=NOW, is_paused=False).paths) > 1


def test_a_day_without_a_gap_is_one_path() -> None:
    assert strip_now(every_quarter_hour(), LONG_AGO, now=NOW, is_paused=False) == Strip(
        (("a", "M0 10H192"),), "96 of 96 reports arrived, 0 late, 0 missed", 0
    )


def test_an_outage_lies_at_its_place_and_the_report_after_it_is_late() -> None:
    drawing = strip_now(every_quarter_hour(but=range(10, 14)), LONG_AGO, now=NOW, is_paused=False)

    assert drawing == Strip(
        (("a", "M0 10H164M174 10H192"), ("l", "M172 14H174"), ("x", "M164 16.3H171.4")),
        "92 of 96 reports arrived, 1 late, 4 missed",
        0,
    )


def test_silence_to_the_end_is_counted() -> None:
    drawing = strip_now(every_quarter_hour(but=range(8)), LONG_AGO, now=NOW, is_paused=False)

    assert drawing == Strip(
        (("a", "M0 10H176"), ("x", "M176 16.3H191.4")), "88 of 96 reports arrived, 0 late, 8 missed", 8
    )


def test_nothing_is_due_before_the_first_report() -> None:
    drawing = strip_now(arrivals(QUARTER, timedelta()), NOW - QUARTER, now=NOW, is_paused=False)

    assert drawing == Strip((("a", "M188 10H192"),), "2 of 2 reports arrived, 0 late, 0 missed", 0)


def test_a_day_of_silence_is_all_missed() -> None:
    drawing = strip_now(arrivals(timedelta(days=8)), LONG_AGO, now=NOW, is_paused=False)

    assert drawing == Strip((("x", "M0 16.3H191.4"),), "0 of 96 reports arrived, 0 late, 96 missed", 96)


def test_a_paused_server_has_a_line_of_its_own() -> None:
    drawing = strip_now(every_quarter_hour(), LONG_AGO, now=NOW, is_paused=True)

    assert drawing == Strip((("p", "M0 10H192"),), "monitoring paused, 96 reports arrived", 0)
    assert drawing.spoken == "Last 24 hours: monitoring paused, 96 reports arrived"


@pytest.mark.parametrize("minutes", [0, 7, 14.99])
def test_the_axis_begins_on_the_quarter_hour_in_every_row(minutes: float) -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC) + timedelta(minutes=minutes)

    assert strip_start(now) == datetime(2026, 11, 22, 12, 15, tzinfo=UTC)
    assert strip_axis(now) == [strip_start(now) + timedelta(hours=hours) for hours in (0, 6, 12, 18)]


def test_a_strip_moves_on_with_the_time_and_with_each_report() -> None:
    heard = arrivals(QUARTER)

    def drawn(arrivals_now: Arrivals, later: timedelta) -> Strip:
        return strip_now(arrivals_now, NOW - QUARTER, now=NOW + later, is_paused=False)

    assert drawn(heard, timedelta(minutes=4, seconds=59)) == drawn(heard, timedelta())
    assert drawn(heard, timedelta(minutes=16)).counts == "3 of 3 reports arrived, 2 late, 0 missed"
    assert drawn(heard, timedelta(hours=1)).counts == "1 of 6 reports arrived, 0 late, 5 missed"
    assert drawn(with_arrival(heard, to_milliseconds(NOW)), timedelta()).counts == (
        "2 of 2 reports arrived, 0 late, 0 missed"
    )
    assert strip_now(heard, NOW - QUARTER, now=NOW, is_paused=True).paths == (("p", "M0 10H192"),)
