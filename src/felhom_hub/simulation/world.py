"""The truth of a plan: which reports the hub accepts and when, who is cut off, and when the hub can hear. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from felhom_hub.simulation.mix import JITTER, PERIOD
from felhom_hub.simulation.plan import ClockStep, Node, Plan
from felhom_hub.simulation.spans import Span, drop_within, is_within, merged, without

_DICE = [random.randrange(JITTER) for random in [Random(997)] for _ in range(997)]


@dataclass(frozen=True)
class Sent:
    """One report on its way: when it was made, and when it arrives."""

    made_at: int
    arrives_at: int


class World:
    """What a plan comes to."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        # While these last, nothing that arrives is accepted.
        self.deaf = merged(fault.span for fault in plan.hub)
        self._lines = [merged([*node.cuts, *_partitions_of(plan, node.number)]) for node in plan.nodes]
        self.cut_off = [
            merged([*lines, *without([plan.span], node.runs)])
            for node, lines in zip(plan.nodes, self._lines, strict=True)
        ]

    def accepted(self, number: int, span: Span) -> list[int]:
        """When the hub accepts reports of a node in that span, in order."""
        times = [sent.arrives_at for sent in self.held_up(number, span)]
        node = self.plan.nodes[number]
        for index, run in enumerate(node.runs):
            times += _regular(node, index, run, span)
        times.sort()
        drop_within(times, self._lines[number])
        drop_within(times, self.deaf)
        return times

    def made_at(self, number: int, arrived_at: int) -> int:
        """When the report was made that arrived then."""
        held_up = self.held_up(number, Span(arrived_at, arrived_at + 1))
        return held_up[0].made_at if held_up else arrived_at

    def held_up(self, number: int, span: Span) -> list[Sent]:
        """The reports that are under way for long, and arrive in that span, whatever is accepted then."""
        node = self.plan.nodes[number]
        found = []
        for (index, count), delay in node.fates.items():
            if delay is None:
                continue
            run = node.runs[index]
            made_at = run.begin + count * PERIOD
            if (
                made_at < run.end
                and span.begin <= made_at + delay < span.end
                and not is_within(self._lines[number], made_at)
            ):
                found.append(Sent(made_at, made_at + delay))
        return found

    def offset_at(self, at: int) -> int:
        """By how much the hub's clock is ahead of the true time."""
        return offset_of(self.plan.steps, at)


def offset_of(steps: Sequence[ClockStep], at: int) -> int:
    """The offset that the last step has left."""
    index = bisect_right(steps, at, key=lambda step: step.at) - 1
    return steps[index].offset if index >= 0 else 0


def _regular(node: Node, index: int, run: Span, span: Span) -> list[int]:
    """The arrivals of one run that nothing holds up."""
    begin, end = max(run.begin, span.begin - JITTER), min(run.end, span.end)
    if begin >= end:
        return []
    first, last = max(0, -((run.begin - begin) // PERIOD)), (end - run.begin) // PERIOD
    salt = node.number * 131
    base = run.begin
    fates = node.fates
    times = [base + count * PERIOD + _DICE[(count + salt) % 997] for count in range(first, last + 1)]
    if fates:
        gone = [count for each, count in fates if each == index and first <= count <= last]
        for count in sorted(gone, reverse=True):
            del times[count - first]
    return [at for at in times if span.begin <= at < end]


def _partitions_of(plan: Plan, number: int) -> list[Span]:
    return [each.span for each in plan.partitions if number in each.members]
