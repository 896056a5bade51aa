"""What the hub has heard of each node up to a moment, a few days of reports at a time. Pure."""

from bisect import bisect_right
from dataclasses import dataclass

from felhom_hub.simulation.spans import DAY, Span
from felhom_hub.simulation.world import World


@dataclass(frozen=True)
class Silence:
    """Between two accepted reports of a node; `end` is None where the next one is not known yet."""

    number: int
    begin: int
    end: int | None


class Heard:
    """The accepted reports of all nodes; moves forward only."""

    def __init__(self, world: World) -> None:
        self._world = world
        begin = world.plan.span.begin
        self._times = [world.accepted(node.number, Span(begin - DAY, begin)) for node in world.plan.nodes]
        self._before = [0] * len(self._times)

    def move_to(self, span: Span) -> None:
        """The reports of `span` are known, which begins where the one before ended."""
        known = zip(self._times, self._before, strict=True)
        self._before = [times[-1] if times else before for times, before in known]
        self._times = [self._world.accepted(node.number, span) for node in self._world.plan.nodes]

    def last(self, number: int, at: int) -> int:
        """When the node was heard last by then."""
        times = self._times[number]
        index = bisect_right(times, at)
        return times[index - 1] if index else self._before[number]

    def between(self, number: int, after: int, until: int) -> list[int]:
        """When it was heard after the one moment and by the other, as far back as is known."""
        times = self._times[number]
        return times[bisect_right(times, after) : bisect_right(times, until)]

    def silences(self, *, longer_than: int, until: int) -> list[Silence]:
        """Those that end within the known reports or go on at their end, which is at `until`."""
        found = []
        for number, times in enumerate(self._times):
            before = self._before[number]
            for at in times:
                if at - before > longer_than:
                    found.append(Silence(number, before, at))
                before = at
            if until - before > longer_than:
                found.append(Silence(number, before, None))
        return found
