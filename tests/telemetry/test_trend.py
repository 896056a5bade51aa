from felhom_hub.base.charts import Limit
from felhom_hub.telemetry.periods import DAY, MONTH
from felhom_hub.telemetry.trend import MOST_POINTS, trend_of


def test_hours_without_samples_are_gaps() -> None:
    chart = trend_of([(5, 2, 200, 150), (7, 1, 300, None)], period=DAY, now_hour=8, limit_mb=64)

    assert chart is not None
    assert [(line.label, list(line.values)) for line in chart.lines] == [
        ("Average", [10.0, None, 30.0, None]),
        ("Peak", [15.0, None, 0.0, None]),
    ]
    assert chart.limits == [Limit("Limit", 64)]
    assert [at.hour for at in chart.times] == [5, 6, 7, 8]
    assert chart.sentence == (
        "Average memory went from 10 MB to 30 MB within 24 h; the highest peak was 15 MB, the limit is 64 MB"
    )


def test_a_month_has_few_points_and_no_hour_is_lost() -> None:
    hours = [(hour, 1, hour, hour) for hour in range(744)]

    chart = trend_of(hours, period=MONTH, now_hour=743, limit_mb=None)

    assert chart is not None
    assert len(chart.times) == 248 <= MOST_POINTS
    assert chart.title == "Average and peak, one point every 3 h"
    assert (chart.lines[0].values[0], chart.lines[1].values[-1], chart.limits) == (0.1, 74.3, [])


def test_nothing_is_no_chart() -> None:
    assert trend_of([], period=DAY, now_hour=1, limit_mb=None) is None
