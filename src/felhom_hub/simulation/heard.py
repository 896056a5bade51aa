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
        self._before: list[int] = []

    def move_to(self, span: Span) -> None:
        """The reports of `span` are known, which begins where the one before ended."""
        self._before = [times[-1] if times else before for times, before in zip(self._times, self._before or [0] * len(self._times), strict=True)]  # noqa: E501
        self._times = [self._world.accepted(node.number, span) for node in self._world.plan.nodes]

    def last(self, number: int, at: int) -> int:
        """When the node was heard last by then."""
        times = self._times[number]
        index = bisect_right(times, at)
        return times[index - 1] if index else self._before[number]

    def first_after(self, number: int, at: int) -> int | None:
        """When it is heard next, as far as is known."""
        times = self._times[number]
        index = bisect_right(times, at)
        return times[index] if index < len(times) else None

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
