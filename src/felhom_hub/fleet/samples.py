"""Thins a history out for a chart: at most 300 points a line that keep its extremes, and every gap stays a gap.

Asks no database. The gaps come beside the points, since each of many points stands for several reports.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from felhom_hub.reports.gaps import Gap
from felhom_hub.reports.queries import Point

MOST_POINTS = 300  # of a line (design language, section 8)
GAP = timedelta(minutes=35)  # two reports missed, and a little more
# The time is cut into so many stretches, as many as there is room for. A gap divides a stretch in two. Where that would
# be too many, a stretch with gaps is two lone points, and takes four: its ends, and a gap behind each.
_STRETCHES = range(MOST_POINTS // 2, 49, -5)
_STRETCHES_OF_GAPS = (MOST_POINTS - 2) // 4
_MOST_SHADES = 300  # nobody could tell more of them apart

Sample = tuple[datetime, Mapping[str, float | None]]  # an empty mapping is a gap


def samples_of(points: Sequence[Point], gaps: Sequence[Gap], *, since: datetime, now: datetime) -> list[Sample]:
    """The points thinned out: of each stretch the lowest and highest of every measure, in their order."""
    if not points:
        return []
    ends = [end for _, end in gaps]
    runs = [bisect_right(ends, point.received_at) for point in points]  # how many gaps lie before each
    drawn: list[tuple[Sample, int]]
    if len(points) + len(set(runs)) + 1 <= MOST_POINTS:
        drawn = [((point.received_at, point.values), run) for point, run in zip(points, runs, strict=True)]
    else:
        drawn = _thinned(points, runs, since, now)
    starts_late, ends_early = _silent_ends(points, since, now)
    samples: list[Sample] = [(since, {})] if starts_late else []
    last_run = runs[0]
    for sample, run in drawn:
        if run != last_run:
            before = samples[-1][0]
            samples.append((before + (sample[0] - before) / 2, {}))
        samples.append(sample)
        last_run = run
    return [*samples, (now, {})] if ends_early else samples


def shaded(points: Sequence[Point], gaps: Sequence[Gap], *, since: datetime, now: datetime) -> list[Gap]:
    """The gaps with those at both ends of the time; neighbours that nobody could tell apart are one."""
    if not points:
        return []
    starts_late, ends_early = _silent_ends(points, since, now)
    head = [(since, points[0].received_at)] if starts_late else []
    tail = [(points[-1].received_at, now)] if ends_early else []
    found: list[Gap] = []
    for begin, end in (*head, *gaps, *tail):
        if found and begin - found[-1][1] < (now - since) / _MOST_SHADES:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


def _silent_ends(points: Sequence[Point], since: datetime, now: datetime) -> tuple[bool, bool]:
    """Whether nothing came for too long after `since`, and before `now`."""
    is_packed = points[0].lowest is not None  # then a point bears the time of the last of its reports
    late = max(GAP, (now - since) / len(points) * 3) if is_packed else GAP
    return points[0].received_at - since > late, now - points[-1].received_at > GAP


def _thinned(points: Sequence[Point], runs: Sequence[int], since: datetime, now: datetime) -> list[tuple[Sample, int]]:
    """Two samples for each stretch, each with its run."""
    drawn: list[tuple[Sample, int]] = []
    for _, members in groupby(
        zip(_stretches(points, runs, since, now), points, runs, strict=True), lambda each: each[0]
    ):
        of_stretch = list(members)
        group = [point for _, point, _ in of_stretch]
        extremes = {name: _extremes(group, name) for name in group[0].values}
        for place, end in ((0, 0), (-1, 1)):
            values = {name: ends[end] for name, ends in extremes.items()}
            drawn.append(((group[place].received_at, values), of_stretch[place][2]))
    return drawn


def _stretches(points: Sequence[Point], runs: Sequence[int], since: datetime, now: datetime) -> list[tuple[int, int]]:
    """For each point what it is thinned out with: its stretch and, where there is room for it, its run."""
    places = [(point.received_at - since) / (now - since) for point in points]
    for count in _STRETCHES:
        keys = [(int(place * count), run) for place, run in zip(places, runs, strict=True)]
        if 2 * len(set(keys)) + len(set(runs)) + 1 <= MOST_POINTS:
            return keys
    return [(int(place * _STRETCHES_OF_GAPS), 0) for place in places]


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
