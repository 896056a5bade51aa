"""Small charts of a day: the line of a reading, with gaps where reports are missing. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WIDTH, HEIGHT = 100, 40
# 100 % lies a little below the upper edge, so that a full line is not cut off.
_UNIT = 38.4 / 100
# A later report than this leaves a gap: nobody knows what was between (design language, section 3).
_GAP = timedelta(minutes=35)
MAX_POINTS = 300  # design language, section 8
_BUCKETS = MAX_POINTS // 2  # lowest and highest of each are kept

Reading = tuple[datetime, float]


@dataclass(frozen=True, slots=True)
class Spark:
    """`line` and `area` are path data, `limit` the height of the warning line; the extremes are of the whole day."""

    line: str
    area: str
    limit: float
    lowest: int
    highest: int


def spark_of(readings: Iterable[Reading], *, since: datetime, until: datetime, limit: float) -> Spark | None:
    """The chart of the readings between two times, oldest first; None without any."""
    known = [reading for reading in readings if since <= reading[0] <= until]
    if not known:
        return None
    values = [value for _, value in known]
    lines, areas = [], []
    for run in _runs(_thinned(known, since, until)):
        places = [(_x(at, since, until), _y(value)) for at, value in run]
        path = "L".join(f"{x:g} {y:g}" for x, y in places)
        lines.append(f"M{path}" if len(places) > 1 else f"M{path}h.5")
        areas.append(f"M{path}L{places[-1][0]:g} {HEIGHT}L{places[0][0]:g} {HEIGHT}Z")
    return Spark("".join(lines), "".join(areas), _y(limit), round(min(values)), round(max(values)))


def _x(at: datetime, since: datetime, until: datetime) -> float:
    return round((at - since) / (until - since) * WIDTH, 1)


def _y(value: float) -> float:
    return round(HEIGHT - min(max(value, 0), 100) * _UNIT, 1)


def _runs(readings: Sequence[Reading]) -> list[list[Reading]]:
    """The readings, cut where reports are missing."""
    runs: list[list[Reading]] = []
    for reading in readings:
        if runs and reading[0] - runs[-1][-1][0] <= _GAP:
            runs[-1].append(reading)
        else:
            runs.append([reading])
    return runs


def _thinned(readings: Sequence[Reading], since: datetime, until: datetime) -> list[Reading]:
    """At most MAX_POINTS of them: of each bucket the lowest and the highest."""
    if len(readings) <= MAX_POINTS:
        return list(readings)
    width = (until - since) / _BUCKETS
    buckets: dict[int, list[Reading]] = {}
    for reading in readings:
        buckets.setdefault(min(int((reading[0] - since) / width), _BUCKETS - 1), []).append(reading)
    kept = []
    for index in sorted(buckets):
        extremes = {min(buckets[index], key=_value), max(buckets[index], key=_value)}
        kept.extend(sorted(extremes))
    return kept


def _value(reading: Reading) -> float:
    return reading[1]
