from datetime import UTC, datetime, timedelta

import pytest

from felhom_hub.fleet.sparks import MAX_POINTS, Spark, spark_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(hours=24)
HOUR = timedelta(hours=1)


def spark(*readings: tuple[datetime, float]) -> Spark | None:
    return spark_of(readings, since=SINCE, until=NOW, limit=85)


def test_nothing_reported_has_no_line() -> None:
    assert spark() is None
    assert spark((SINCE - HOUR, 5.0), (NOW + HOUR, 5.0)) is None


def test_a_line_runs_from_left_to_right_with_its_area_and_limit() -> None:
    assert spark((NOW - HOUR / 2, 0.0), (NOW, 100.0)) == Spark(
        "M97.9 40L100 1.6", "M97.9 40L100 1.6L100 40L97.9 40Z", 7.4, 0, 100
    )


def test_a_gap_is_never_bridged() -> None:
    found = spark((SINCE, 50.0), (SINCE + HOUR, 50.0), (SINCE + HOUR * 1.5, 50.0))

    assert found is not None
    assert found.line == "M0 20.8h.5M4.2 20.8L6.2 20.8"


@pytest.mark.parametrize(("value", "y"), [(-30.0, "40"), (0.0, "40"), (1e12, "1.6")])
def test_readings_beyond_the_frame_stay_at_its_edge(value: float, y: str) -> None:
    found = spark((SINCE, value))

    assert found is not None
    assert (found.line, found.lowest) == (f"M0 {y}h.5", round(value))


def test_many_points_are_thinned_and_keep_their_extremes() -> None:
    minutes = [(SINCE + timedelta(minutes=minute), float(minute % 10)) for minute in range(1440)]
    minutes[700] = (minutes[700][0], 99.0)

    found = spark(*minutes)

    assert found is not None
    assert found.line.count("L") < MAX_POINTS
    assert (found.lowest, found.highest) == (0, 99)
    assert " 2" in found.line
