from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from felhom_hub.fleet.samples import GAP, MOST_POINTS, samples_of, shaded
from felhom_hub.reports.gaps import Gap
from felhom_hub.reports.queries import MEASURES, Point

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
DAY = timedelta(hours=24)


def point(at: datetime, value: float | None = 50.0) -> Point:
    return Point(at, "ok", "v1", dict.fromkeys(MEASURES, value))


def every_quarter(count: int) -> list[Point]:
    return [point(NOW - QUARTER * number) for number in range(count)][::-1]


def gaps_of(points: list[Point]) -> list[Gap]:
    times = [point.received_at for point in points]
    return [(before, after) for before, after in pairwise(times) if after - before > GAP]


def test_few_points_are_drawn_as_they_are() -> None:
    points = every_quarter(96)

    samples = samples_of(points, gaps_of(points), since=NOW - DAY, now=NOW)

    assert samples == [(each.received_at, each.values) for each in points]


def test_a_stretch_without_reports_is_a_gap() -> None:
    points = [each for number, each in enumerate(every_quarter(96)) if not 40 <= number < 42]

    samples = samples_of(points, gaps_of(points), since=NOW - DAY, now=NOW)

    assert [at for at, values in samples if not values] == [points[39].received_at + QUARTER * 1.5]


def test_one_missed_report_is_no_gap() -> None:
    points = [each for number, each in enumerate(every_quarter(96)) if number != 40]

    assert all(values for _, values in samples_of(points, gaps_of(points), since=NOW - DAY, now=NOW))


def test_time_before_the_first_and_after_the_last_report_is_a_gap_too() -> None:
    since = NOW - timedelta(hours=24)

    samples = samples_of([point(NOW - timedelta(hours=6))], [], since=since, now=NOW)

    assert [at for at, _ in samples] == [since, NOW - timedelta(hours=6), NOW]
    assert (samples[0][1], samples[2][1]) == ({}, {})


@pytest.mark.parametrize("days", [7, 30, 90])
def test_many_points_are_thinned_out_and_keep_their_extremes(days: int) -> None:
    points = every_quarter(days * 96)
    points[500] = point(points[500].received_at, 99.0)
    points[501] = point(points[501].received_at, 1.0)
    del points[200:203]

    samples = samples_of(points, gaps_of(points), since=NOW - timedelta(days=days), now=NOW)

    values = [each.get("cpu_percent") for _, each in samples]
    assert len(samples) <= MOST_POINTS
    assert {1.0, 99.0, 50.0, None} == set(values)
    assert values.index(99.0) < values.index(1.0)
    assert [at for at, _ in samples] == sorted(at for at, _ in samples)


def bridged(points: list[Point], gaps: list[Gap], *, days: int) -> list[Gap]:
    """The gaps that a line goes through: with a value on both sides and no break in between."""
    samples = samples_of(points, gaps, since=NOW - timedelta(days=days), now=NOW)
    assert len(samples) <= MOST_POINTS
    assert [at for at, _ in samples] == sorted(at for at, _ in samples)
    lines = [(before[0], after[0]) for before, after in pairwise(samples) if before[1] and after[1]]
    return [gap for gap in gaps if any(begin <= gap[0] and gap[1] <= end for begin, end in lines)]


@pytest.mark.parametrize("days", [1, 7, 30, 90])
@pytest.mark.parametrize("every", [4, 5, 9, 30, 97, 300])
def test_no_line_bridges_a_gap_however_many_there_are(days: int, every: int) -> None:
    points = [each for number, each in enumerate(every_quarter(days * 96)) if number % every > 1]

    assert bridged(points, gaps_of(points), days=days) == []


def test_a_box_that_is_always_late_is_drawn_as_lone_points() -> None:
    points = [point(NOW - timedelta(hours=number)) for number in range(24 * 90)][::-1]

    assert bridged(points, gaps_of(points), days=90) == []
    assert bridged(points[:280], gaps_of(points[:280]), days=90) == []


def test_a_gap_within_what_a_point_stands_for_breaks_the_line_before_it() -> None:
    points = [point(NOW - timedelta(hours=number)) for number in (3, 2, 1, 0)]
    gap = (NOW - timedelta(minutes=110), NOW - timedelta(minutes=70))

    samples = samples_of(points, [gap], since=NOW - DAY, now=NOW)

    assert [bool(values) for _, values in samples] == [False, True, True, False, True, True]


def test_what_is_shaded_are_the_gaps_and_both_ends() -> None:
    points = [point(NOW - timedelta(hours=hours)) for hours in (20, 12, 11)]
    gap = (points[0].received_at, points[1].received_at)

    assert shaded(points, [gap], since=NOW - DAY, now=NOW) == [
        (NOW - DAY, points[1].received_at),  # one report between two gaps is narrower than anybody sees
        (points[2].received_at, NOW),
    ]
    assert shaded([], [], since=NOW - DAY, now=NOW) == []


def test_no_more_is_shaded_than_can_be_told_apart() -> None:
    points = [each for number, each in enumerate(every_quarter(90 * 96)) if number % 5 > 1]

    found = shaded(points, gaps_of(points), since=NOW - timedelta(days=90), now=NOW)

    assert len(gaps_of(points)) > 1000
    assert len(found) <= MOST_POINTS
    assert all(before[1] < after[0] for before, after in pairwise(found))


def test_packed_points_bring_their_own_extremes() -> None:
    middle: dict[str, float | None] = dict.fromkeys(MEASURES, 50.0)
    low: dict[str, float | None] = dict.fromkeys(MEASURES, 2.0)
    high: dict[str, float | None] = dict.fromkeys(MEASURES, 98.0)
    times = [NOW - timedelta(hours=number) for number in range(700)][::-1]
    packed = [Point(at, "ok", "v1", middle, 9, low, high) for at in times]

    values = {
        sample.get("cpu_percent") for _, sample in samples_of(packed, [], since=NOW - timedelta(hours=700), now=NOW)
    }

    assert {2.0, 98.0} <= values
