"""Two rules that the hub's are held against: the plain threshold, and the grace time of uptime monitors. Pure.

Both are given all that speaks for them: they remember across restarts, they look at the same moments, and whatever
they decide is told at once, once, and by a provider that is always there.
"""

from collections.abc import Callable, Iterator, Mapping

from felhom_hub.simulation.judge import Alarm, Kind
from felhom_hub.simulation.spans import MINUTE

STALE, DOWN = 30 * MINUTE, 60 * MINUTE
PERIOD, GRACE = 15 * MINUTE, 15 * MINUTE

HeardAt = Callable[[int], int]
_Levels = dict[int, int]


class PlainRule:
    """The Go hub's: stale after 30 minutes without a report, down after 60, told on each transition."""

    def __init__(self) -> None:
        self.alarms: list[Alarm] = []
        self._levels: _Levels = {}
        self._is_new = True

    def look(self, at: int, now: int, times: Mapping[int, int], heard_at: HeardAt) -> None:
        """What has changed is told; `now` and `times` are by the hub's clock. The first look tells nothing."""
        for number, level in _changed(self._levels, now, times, (STALE, DOWN)):
            if not self._is_new and level > self._levels.get(number, 0):
                kind: Kind = "down" if level == 2 else "stale"  # noqa: PLR2004 - of two thresholds
                self.alarms.append(Alarm(kind, (number,), (heard_at(number),), at, at))
            self._levels[number] = level
        self._is_new = False


class GraceRule:
    """An uptime monitor's: down when the time of the next report and a grace time have passed, up at any report."""

    def __init__(self) -> None:
        self.alarms: list[Alarm] = []
        self._levels: _Levels = {}
        self._is_new = True

    def look(self, at: int, now: int, times: Mapping[int, int], heard_at: HeardAt) -> None:
        """Likewise."""
        for number, level in _changed(self._levels, now, times, (PERIOD + GRACE,)):
            if not self._is_new and level:
                self.alarms.append(Alarm("down", (number,), (heard_at(number),), at, at))
            self._levels[number] = level
        self._is_new = False


def _changed(
    levels: Mapping[int, int], now: int, times: Mapping[int, int], thresholds: tuple[int, ...]
) -> Iterator[tuple[int, int]]:
    """The nodes that are at another level now: how many thresholds their silence has reached."""
    first = now - thresholds[0]
    for number, last in list(times.items()):
        before = levels.get(number, 0)
        if last <= first or before:
            level = sum(now - last >= each for each in thresholds)
            if level != before:
                yield number, level
