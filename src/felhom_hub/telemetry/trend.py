"""An app's memory over a period as a chart: average of all boxes, highest peak, limit."""

from collections.abc import Iterable
from datetime import datetime

from felhom_hub.base.charts import Chart, Limit, Line
from felhom_hub.base.instants import from_milliseconds
from felhom_hub.base.words import unit_words
from felhom_hub.telemetry.models import FleetHour
from felhom_hub.telemetry.periods import Period

MOST_POINTS = 300  # of a line (design language, section 8)
_TENTHS = 10
_HOUR_MS = 3_600_000

_HourRow = tuple[int, int, int, int | None]  # hour, samples, total, peak


def read_trend(name: str, period: Period, *, now_hour: int, limit_mb: int | None) -> Chart | None:
    """The app's chart from its first hour in the period on; None where it has no samples in it."""
    rows = FleetHour.objects.filter(app_name=name, hour__gte=period.first_hour(now_hour), samples__gt=0)
    return trend_of(
        rows.order_by("hour").values_list("hour", "samples", "total", "peak"),
        period=period,
        now_hour=now_hour,
        limit_mb=limit_mb,
    )


def trend_of(rows: Iterable[_HourRow], *, period: Period, now_hour: int, limit_mb: int | None) -> Chart | None:
    """The chart of these hours, oldest first; several hours share a point where there are more than MOST_POINTS."""
    hours = list(rows)
    if not hours:
        return None
    first = hours[0][0]
    last = max(now_hour, hours[-1][0])
    step = -(-(last - first + 1) // MOST_POINTS)
    samples: dict[int, tuple[int, int, int]] = {}
    for hour, count, total, peak in hours:
        point = (hour - first) // step
        before = samples.get(point, (0, 0, 0))
        samples[point] = before[0] + count, before[1] + total, max(before[2], peak or 0)
    points = range((last - first) // step + 1)
    average = [samples[at][1] / samples[at][0] / _TENTHS if at in samples else None for at in points]
    peaks = [samples[at][2] / _TENTHS if at in samples else None for at in points]
    return Chart(
        name="trend",
        title=f"Average and peak, {_rhythm(step)}",
        sentence=_sentence(average, peaks, period, limit_mb),
        unit="MB",
        times=[_time(first + at * step) for at in points],
        lines=[Line("Average", average, is_filled=True), Line("Peak", peaks, "second")],
        limits=[Limit("Limit", limit_mb)] if limit_mb else [],
    )


def _rhythm(step: int) -> str:
    return "one point an hour" if step == 1 else f"one point every {step} h"


def _time(hour: int) -> datetime:
    return from_milliseconds(hour * _HOUR_MS)


def _sentence(average: list[float | None], peaks: list[float | None], period: Period, limit_mb: int | None) -> str:
    measured = [value for value in average if value is not None]
    highest = max(value for value in peaks if value is not None)
    limit = f", the limit is {unit_words(limit_mb, 'MB')}" if limit_mb else ""
    return (
        f"Average memory went from {unit_words(measured[0], 'MB')} to {unit_words(measured[-1], 'MB')} within "
        f"{period.words}; the highest peak was {unit_words(highest, 'MB')}{limit}"
    )
