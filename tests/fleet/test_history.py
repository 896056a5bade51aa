from datetime import UTC, datetime, timedelta

import pytest

from felhom_hub.fleet.history import Panel, panels_of, period_of
from felhom_hub.fleet.meters import DEFAULT_LINES, AllLines, lines_with
from felhom_hub.fleet.samples import MOST_POINTS
from felhom_hub.reports.drives import DrivesAt
from felhom_hub.reports.gaps import Gap
from felhom_hub.reports.queries import MEASURES, Point

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
HOUR = round(NOW.timestamp()) // 3600


def point(at: datetime, value: float | None = 50.0) -> Point:
    return Point(at, "ok", "v1", dict.fromkeys(MEASURES, value))


def panels(
    points: list[Point],
    by_hour: dict[int, int] | None = None,
    period: str = "24h",
    *,
    gaps: list[Gap] | None = None,
    drives: list[DrivesAt] | None = None,
    lines: AllLines = DEFAULT_LINES,
) -> list[Panel]:
    return panels_of(points, gaps or [], drives or [], by_hour or {}, period=period, lines=lines, now=NOW)


def drives_at(minutes: int, **percent: float) -> DrivesAt:
    return DrivesAt(NOW - timedelta(minutes=minutes), percent)


@pytest.mark.parametrize(("text", "period"), [("24h", "24h"), ("90d", "90d"), ("", "7d"), ("1y", "7d")])
def test_an_address_names_a_period(text: str, period: str) -> None:
    assert period_of(text) == period


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

    _, drive, _, _ = panels([point(NOW)], lines=lines)

    assert drive.chart is not None
    assert [limit.value for limit in drive.chart.limits] == [70.0, 75.0]


def test_each_drive_has_a_line_the_fullest_first() -> None:
    told = [drives_at(30, system=38.0, hdd1=89.0, hdd2=55.0), drives_at(15, system=38.0, hdd1=91.0)]

    _, drive, _, _ = panels([point(NOW)], drives=told)

    assert drive.title == "Drive use, % full"
    assert drive.chart is not None
    assert [(line.label, list(line.values)) for line in drive.chart.lines] == [
        ("hdd1", [None, 89.0, 91.0]),
        ("system", [None, 38.0, 38.0]),
        ("hdd2", [None, 55.0, None]),
    ]
    assert len({line.style for line in drive.chart.lines}) == 3
    assert drive.chart.sentence.startswith("hdd1 went from 89 % to 91 % within 24 h")


def test_of_many_drives_the_fullest_have_a_line_and_the_title_says_so() -> None:
    _, drive, _, _ = panels([point(NOW)], drives=[drives_at(0, **{f"hdd{number}": number * 10 for number in range(5)})])

    assert drive.title == "Drive use, % full, the 3 fullest of 5 drives"
    assert drive.chart is not None
    assert [line.label for line in drive.chart.lines] == ["hdd4", "hdd3", "hdd2"]


def test_where_no_drive_has_a_name_the_fullest_is_drawn() -> None:
    _, drive, _, _ = panels([point(NOW, 40.0)])

    assert drive.title == "Fullest drive, %"
    assert drive.chart is not None
    assert [line.label for line in drive.chart.lines] == ["Drive"]


def test_no_chart_bridges_a_gap_and_all_shade_it() -> None:
    gap = (NOW - 9 * QUARTER, NOW - 3 * QUARTER)
    told = [drives_at(minutes, hdd1=50.0) for minutes in (135, 45)]

    *charts, _ = panels([point(at) for at in gap], gaps=[gap], drives=told)

    for panel in charts:
        assert panel.chart is not None
        assert list(panel.chart.lines[0].values) == [None, 50.0, None, 50.0, None]
        assert panel.chart.gaps == [(NOW - timedelta(hours=24), NOW)]  # with a lone report here and there


def test_what_was_never_reported_has_no_chart() -> None:
    assert [panel.chart for panel in panels([])] == [None] * 4
    assert [panel.chart for panel in panels([point(NOW, None)])] == [None] * 4


@pytest.mark.parametrize("period", ["24h", "7d", "30d", "90d"])
def test_hours_without_reports_are_zero_and_never_more_than_the_line_may_have(period: str) -> None:
    *_, reports = panels([], {HOUR - 20: 4, HOUR - 1: 4, HOUR: 1, HOUR - 9999: 4}, period)

    assert reports.chart is not None
    assert len(reports.chart.times) <= MOST_POINTS
    assert 0 in reports.chart.lines[0].values
