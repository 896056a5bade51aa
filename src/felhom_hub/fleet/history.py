"""A customer's past as four charts: load, drives, temperature, and how many reports came. Asks no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from felhom_hub.base.charts import Chart, Limit, Line, Style
from felhom_hub.base.words import unit_words
from felhom_hub.fleet.meters import AllLines, Lines
from felhom_hub.fleet.samples import Sample, samples_of, shaded
from felhom_hub.reports.drives import DrivesAt
from felhom_hub.reports.gaps import Gap
from felhom_hub.reports.queries import PERIODS, Point

DEFAULT_PERIOD = "7d"
_HOURS_A_BAR = {"24h": 1, "7d": 1, "30d": 3, "90d": 8}
_PER_HOUR = 4
_FULL = 100.0
_HOUR_SECONDS = 3600
_STYLES: tuple[Style, ...] = ("first", "second", "third")  # so many drives have a line


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
    points: Sequence[Point],
    gaps: Sequence[Gap],
    drives: Sequence[DrivesAt],
    by_hour: Mapping[int, int],
    *,
    period: str,
    lines: AllLines,
    now: datetime,
) -> list[Panel]:
    """The four charts of the period that ends `now`."""
    since = now - PERIODS[period]
    samples = samples_of(points, gaps, since=since, now=now)
    silences = shaded(points, gaps, since=since, now=now)
    words = f"{period[:-1]} {period[-1]}"
    high = [Limit("CPU high", lines.cpu.high, "warn"), Limit("Memory high", lines.memory.high, "warn")]
    load, heat = (
        _Kind("load", "CPU and memory, %", "%", {"CPU": "cpu_percent", "Memory": "memory_percent"}, high),
        _Kind("heat", "CPU temperature, °C", "°C", {"CPU": "temperature_celsius"}, _limits(lines.temperature)),
    )
    reports = _reports(by_hour, period=period, now=now, words=words)
    drive, drawn = _drives(drives, samples, gaps, lines=lines, since=since, now=now)
    return [
        _panel(load, samples, silences, words),
        _panel(drive, drawn, silences, words),
        _panel(heat, samples, silences, words),
        reports,
    ]


def _drives(
    drives: Sequence[DrivesAt],
    samples: Sequence[Sample],
    gaps: Sequence[Gap],
    *,
    lines: AllLines,
    since: datetime,
    now: datetime,
) -> tuple[_Kind, Sequence[Sample]]:
    """A line for each drive, or for the fullest ones of many; for the fullest alone where none has a name."""
    fullest = {name: percent for each in drives for name, percent in each.percent.items()}
    names = sorted(fullest, key=lambda name: (name not in drives[-1].percent, -fullest[name], name))
    if not names:
        return _Kind("drive", "Fullest drive, %", "%", {"Drive": "disk_percent"}, _limits(lines.disk)), samples
    shown = names[: len(_STYLES)]
    title = "Drive use, % full"
    if len(names) > len(shown):
        title = f"{title}, the {len(shown)} fullest of {len(names)} drives"
    kind = _Kind("drive", title, "%", {name: name for name in shown}, _limits(lines.disk))
    points = [Point(each.received_at, None, None, {name: each.percent.get(name) for name in shown}) for each in drives]
    return kind, samples_of(points, gaps, since=since, now=now)


def _panel(kind: _Kind, samples: Sequence[Sample], silences: Sequence[Gap], words: str) -> Panel:
    title = kind.title
    drawn = [
        Line(label, [values.get(measure) for _, values in samples], style)
        for (label, measure), style in zip(kind.measures.items(), _STYLES, strict=False)
    ]
    told = [sentence for line in drawn if (sentence := _sentence(line, kind.unit, words))]
    if not told:
        return Panel(title, None)
    top = _FULL if kind.unit == "%" else None
    times = [at for at, _ in samples]
    sentence = "; ".join(told)
    name = f"history-{kind.name}"
    return Panel(title, Chart(name, title, sentence, kind.unit, times, drawn, kind.limits, top, gaps=silences))


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
