from datetime import UTC, datetime, timedelta

import pytest

from felhom_hub.fleet.history import MOST_POINTS, Panel, panels_of, period_of, samples_of
from felhom_hub.fleet.meters import DEFAULT_LINES, lines_with
from felhom_hub.reports.queries import MEASURES, Point

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
HOUR = round(NOW.timestamp()) // 3600


def point(at: datetime, value: float | None = 50.0) -> Point:
    return Point(at, "ok", "v1", dict.fromkeys(MEASURES, value))


def every_quarter(count: int) -> list[Point]:
    return [point(NOW - QUARTER * number) for number in range(count)][::-1]


def panels(points: list[Point], by_hour: dict[int, int] | None = None, period: str = "24h") -> list[Panel]:
    return panels_of(points, by_hour or {}, period=period, lines=DEFAULT_LINES, now=NOW)


@pytest.mark.parametrize(("text", "period"), [("24h", "24h"), ("90d", "90d"), ("", "7d"), ("1y", "7d")])
def test_an_address_names_a_period(text: str, period: str) -> None:
    assert period_of(text) == period


def test_few_points_are_drawn_as_they_are() -> None:
    points = every_quarter(96)

    samples = samples_of(points, since=NOW - timedelta(hours=24), now=NOW)

    assert samples == [(each.received_at, each.values) for each in points]


def test_a_stretch_without_reports_is_a_gap() -> None:
    points = [each for number, each in enumerate(every_quarter(96)) if not 40 <= number < 42]

    samples = samples_of(points, since=NOW - timedelta(hours=24), now=NOW)

    assert [at for at, values in samples if not values] == [points[39].received_at + QUARTER * 1.5]


def test_one_missed_report_is_no_gap() -> None:
    points = [each for number, each in enumerate(every_quarter(96)) if number != 40]

    assert all(values for _, values in samples_of(points, since=NOW - timedelta(hours=24), now=NOW))


def test_time_before_the_first_and_after_the_last_report_is_a_gap_too() -> None:
    since = NOW - timedelta(hours=24)

    samples = samples_of([point(NOW - timedelta(hours=6))], since=since, now=NOW)

    assert [at for at, _ in samples] == [since, NOW - timedelta(hours=6), NOW]
    assert (samples[0][1], samples[2][1]) == ({}, {})


@pytest.mark.parametrize("days", [7, 30, 90])
def test_many_points_are_thinned_out_and_keep_their_extremes(days: int) -> None:
    points = every_quarter(days * 96)
    points[500] = point(points[500].received_at, 99.0)
    points[501] = point(points[501].received_at, 1.0)
    del points[200:203]

    samples = samples_of(points, since=NOW - timedelta(days=days), now=NOW)

    values = [each.get("cpu_percent") for _, each in samples]
    assert len(samples) <= MOST_POINTS
    assert {1.0, 99.0, 50.0, None} == set(values)
    assert values.index(99.0) < values.index(1.0)
    assert [at for at, _ in samples] == sorted(at for at, _ in samples)


def test_a_box_full_of_gaps_has_no_more_points() -> None:
    points = [point(NOW - timedelta(hours=number)) for number in range(24 * 90)][::-1]

    assert len(samples_of(points, since=NOW - timedelta(days=90), now=NOW)) <= MOST_POINTS


def test_packed_points_bring_their_own_extremes() -> None:
    middle: dict[str, float | None] = dict.fromkeys(MEASURES, 50.0)
    low: dict[str, float | None] = dict.fromkeys(MEASURES, 2.0)
    high: dict[str, float | None] = dict.fromkeys(MEASURES, 98.0)
    times = [NOW - timedelta(hours=number) for number in range(700)][::-1]
    packed = [Point(at, "ok", "v1", middle, 9, low, high) for at in times]

    values = {sample.get("cpu_percent") for _, sample in samples_of(packed, since=NOW - timedelta(hours=700), now=NOW)}

    assert {2.0, 98.0} <= values


def test_four_charts_say_in_words_what_they_show() -> None:
    load, drive, heat, reports = panels([point(NOW - QUARTER, 40.0), point(NOW, 60.0)], {HOUR - 1: 4, HOUR - 2: 2})

    assert load.chart is not None
    assert load.chart.sentence == (
        "CPU went from 40 % to 60 % within 24 h, lowest 40 %, highest 60 %; "
        "Memory went from 40 % to 60 % within 24 h, lowest 40 %, highest 60 %"
    )
    assert drive.chart is not None
    assert heat.chart is not None
    assert heat.chart.unit == "°C"
    assert reports.chart is not None
    assert reports.chart.sentence == "Between 2 and 4 reports an hour within 24 h, 4 expected"
    assert list(reports.chart.lines[0].values) == [None] * 22 + [2, 4]


def test_limits_are_the_customers_own() -> None:
    lines = lines_with({"disk_high": 70.0, "disk_critical": 75.0})

    _, drive, _, _ = panels_of([point(NOW)], {}, period="7d", lines=lines, now=NOW)

    assert drive.chart is not None
    assert [limit.value for limit in drive.chart.limits] == [70.0, 75.0]


def test_what_was_never_reported_has_no_chart() -> None:
    assert [panel.chart for panel in panels([])] == [None] * 4
    assert [panel.chart for panel in panels([point(NOW, None)])] == [None] * 4


@pytest.mark.parametrize("period", ["24h", "7d", "30d", "90d"])
def test_hours_without_reports_are_zero_and_never_more_than_the_line_may_have(period: str) -> None:
    *_, reports = panels([], {HOUR - 20: 4, HOUR - 1: 4, HOUR: 1, HOUR - 9999: 4}, period)

    assert reports.chart is not None
    assert len(reports.chart.times) <= MOST_POINTS
    assert 0 in reports.chart.lines[0].values
