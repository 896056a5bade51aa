"""A customer's past as four charts: at most 300 points a line that keep its extremes, and gaps that stay gaps.

Asks no database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from felhom_hub.base.charts import Chart, Limit, Line, Style
from felhom_hub.base.words import unit_words
from felhom_hub.fleet.meters import AllLines, Lines
from felhom_hub.reports.queries import PERIODS, Point

DEFAULT_PERIOD = "7d"
MOST_POINTS = 300  # of a line (design language, section 8)
_MOST_GAPS = 40  # the longest; each takes a point of its own
_GAP = timedelta(minutes=35)  # two reports missed, and a little more
_HOURS_A_BAR = {"24h": 1, "7d": 1, "30d": 3, "90d": 8}
_PER_HOUR = 4
_FULL = 100.0
_HOUR_SECONDS = 3600

_Sample = tuple[datetime, Mapping[str, float | None]]  # an empty mapping is a gap


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart; None where nothing of it was reported."""

    title: str
    chart: Chart | None


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a chart shows: the label of each line with its measure."""

    name: str
    title: str
    unit: str
    measures: Mapping[str, str]
    limits: Sequence[Limit]


def period_of(text: str) -> str:
    """The period that an address names; the default where it names none."""
    return text if text in PERIODS else DEFAULT_PERIOD


def panels_of(
    points: Sequence[Point], by_hour: Mapping[int, int], *, period: str, lines: AllLines, now: datetime
) -> list[Panel]:
    """The four charts of the period that ends `now`."""
    samples = samples_of(points, since=now - PERIODS[period], now=now)
    words = f"{period[:-1]} {period[-1]}"
    high = [Limit("CPU high", lines.cpu.high, "warn"), Limit("Memory high", lines.memory.high, "warn")]
    kinds = (
        _Kind("load", "CPU and memory", "%", {"CPU": "cpu_percent", "Memory": "memory_percent"}, high),
        _Kind("drive", "Fullest drive", "%", {"Drive": "disk_percent"}, _limits(lines.disk)),
        _Kind("heat", "CPU temperature", "°C", {"CPU": "temperature_celsius"}, _limits(lines.temperature)),
    )
    reports = _reports(by_hour, period=period, now=now, words=words)
    return [*(_panel(kind, samples, words) for kind in kinds), reports]


def samples_of(points: Sequence[Point], *, since: datetime, now: datetime) -> list[_Sample]:
    """The points thinned out: of each stretch the lowest and highest of every measure, in their order."""
    if not points:
        return []
    is_packed = any(point.lowest is not None for point in points)
    limit = max(_GAP, (now - since) / len(points) * 3) if is_packed else _GAP
    runs = _runs(points, limit)
    gaps = len(runs) + 1
    stretches = len(points) if len(points) + gaps <= MOST_POINTS else (MOST_POINTS - 3 * gaps) // 2
    samples: list[_Sample] = [(since, {})] if points[0].received_at - since > limit else []
    for number, run in enumerate(runs):
        if number:
            before, after = runs[number - 1][-1].received_at, run[0].received_at
            samples.append((before + (after - before) / 2, {}))
        samples += (
            _thinned(run, stretches, since, now)
            if stretches < len(points)
            else [(point.received_at, point.values) for point in run]
        )
    return [*samples, (now, {})] if now - points[-1].received_at > limit else samples


def _runs(points: Sequence[Point], limit: timedelta) -> list[Sequence[Point]]:
    """The points between the gaps; where there are too many gaps, between the longest."""
    times = [point.received_at for point in points]
    spans = [(after - before, place) for place, (before, after) in enumerate(pairwise(times), 1)]
    gaps = sorted((span for span in spans if span[0] > limit), reverse=True)[:_MOST_GAPS]
    places = [0, *sorted(place for _, place in gaps), len(points)]
    return [points[begin:end] for begin, end in pairwise(places)]


def _thinned(run: Sequence[Point], stretches: int, since: datetime, now: datetime) -> list[_Sample]:
    groups: dict[int, list[Point]] = {}
    for point in run:
        groups.setdefault(int((point.received_at - since) / (now - since) * stretches), []).append(point)
    samples: list[_Sample] = []
    for group in groups.values():
        extremes = {name: _extremes(group, name) for name in group[0].values}
        samples += [
            (group[0].received_at, {name: ends[0] for name, ends in extremes.items()}),
            (group[-1].received_at, {name: ends[1] for name, ends in extremes.items()}),
        ]
    return samples


def _extremes(group: Sequence[Point], name: str) -> tuple[float | None, float | None]:
    """The lowest and the highest, the earlier one first."""
    lowest = [(point.lowest or point.values)[name] for point in group]
    highest = [(point.highest or point.values)[name] for point in group]
    lows = [(value, place) for place, value in enumerate(lowest) if value is not None]
    highs = [(value, place) for place, value in enumerate(highest) if value is not None]
    if not lows or not highs:
        return None, None
    (low, low_at), (high, high_at) = min(lows), max(highs)
    return (low, high) if low_at <= high_at else (high, low)


def _panel(kind: _Kind, samples: Sequence[_Sample], words: str) -> Panel:
    title = f"{kind.title}, {kind.unit}"
    styles: tuple[Style, ...] = ("first", "second")
    drawn = [
        Line(label, [values.get(measure) for _, values in samples], style)
        for (label, measure), style in zip(kind.measures.items(), styles, strict=False)
    ]
    told = [sentence for line in drawn if (sentence := _sentence(line, kind.unit, words))]
    if not told:
        return Panel(title, None)
    top = _FULL if kind.unit == "%" else None
    times = [at for at, _ in samples]
    sentence = "; ".join(told)
    return Panel(title, Chart(f"history-{kind.name}", title, sentence, kind.unit, times, drawn, kind.limits, top))


def _sentence(line: Line, unit: str, words: str) -> str:
    values = [value for value in line.values if value is not None]
    if not values:
        return ""
    return (
        f"{line.label} went from {unit_words(values[0], unit)} to {unit_words(values[-1], unit)} within {words}, "
        f"lowest {unit_words(min(values), unit)}, highest {unit_words(max(values), unit)}"
    )


def _limits(lines: Lines) -> list[Limit]:
    return [Limit("High", lines.high, "warn"), Limit("Critical", lines.critical)]


def _reports(by_hour: Mapping[int, int], *, period: str, now: datetime, words: str) -> Panel:
    """Reports an hour; the present hour is not over and left out."""
    title = f"Reports per hour, {_PER_HOUR} expected"
    step, end = _HOURS_A_BAR[period], int(now.timestamp()) // _HOUR_SECONDS
    begin = end - PERIODS[period] // timedelta(hours=1)
    starts = range(begin, end, step)
    heard = [hour for hour in by_hour if begin <= hour < end]
    if not heard:
        return Panel(title, None)
    first = min(heard)
    sums = [sum(by_hour.get(at + hour, 0) for hour in range(step)) for at in starts]
    rates = [count / step if at + step > first else None for at, count in zip(starts, sums, strict=True)]
    known = [rate for rate in rates if rate is not None]
    sentence = f"Between {min(known):g} and {max(known):g} reports an hour within {words}, {_PER_HOUR} expected"
    times = [datetime.fromtimestamp(at * _HOUR_SECONDS, UTC) for at in starts]
    line = Line("Reports", rates, is_filled=True)
    return Panel(title, Chart("history-reports", title, sentence, "an hour", times, [line], top=_PER_HOUR, digits=1))
