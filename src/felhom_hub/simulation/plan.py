"""Makes a plan of everything that goes wrong from a seed: the same seed and size give the same plan. Pure."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from felhom_hub.simulation.mix import FAULTS, LATE_ONE_OF, LATEST, LOST_ONE_OF, OVERTAKEN_ONE_OF, PERIOD, Fault
from felhom_hub.simulation.spans import DAY, HOUR, MINUTE, SECOND, Span, merged

HubState = Literal["off", "asleep", "refused", "unwritable", "stalled"]

BEGIN = 1_767_225_600_000  # 2026-01-01 00:00 UTC: a year with both days on which clocks change
_YEAR = 365 * DAY
_QUIET = 90 * MINUTE  # between two faults of the hub, but for a storm's


@dataclass(frozen=True)
class Size:
    """`haste` is by how much more often than in the mix everything happens, for short runs."""

    nodes: int
    days: int
    haste: float = 1.0


@dataclass(frozen=True)
class HubFault:
    """The hub is in that state for a while."""

    state: HubState
    span: Span


@dataclass(frozen=True)
class ClockStep:
    """From `at` on the hub's clock is `offset` ahead of the true time."""

    at: int
    offset: int


@dataclass(frozen=True)
class Node:
    """One box: when it runs, when its line is gone, and which of its reports have a fate of their own.

    `fates` is by the count of the quarter hour since the run began: the delay, or None for one that is lost.
    """

    number: int
    runs: Sequence[Span]
    cuts: Sequence[Span] = ()
    fates: dict[tuple[int, int], int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Partition:
    """Some nodes do not reach the hub."""

    span: Span
    members: frozenset[int]


@dataclass(frozen=True)
class Plan:
    """All that happens, in true time."""

    seed: int
    span: Span
    nodes: Sequence[Node]
    partitions: Sequence[Partition] = ()
    hub: Sequence[HubFault] = ()
    steps: Sequence[ClockStep] = ()
    mail: Sequence[Span] = ()


def make_plan(seed: int, size: Size, faults: Iterable[Fault] = FAULTS) -> Plan:
    """The plan of `size` for that seed, with faults of these kinds."""
    span = Span(BEGIN, BEGIN + size.days * DAY)
    by_name = {each.name: each for each in faults}
    years = size.days * DAY / _YEAR * size.haste
    hub, steps = _hub_faults(Random(f"{seed} hub"), by_name, span, years)
    return Plan(
        seed=seed,
        span=span,
        nodes=[_node(Random(f"{seed} node {number}"), number, by_name, span, years) for number in range(size.nodes)],
        partitions=_partitions(Random(f"{seed} fleet"), by_name, span, years, size.nodes),
        hub=hub,
        steps=steps,
        mail=merged(
            _spans(Random(f"{seed} mail"), [each for each in by_name.values() if each.whose == "mail"], span, years)
        ),
    )


def healthy_nodes(count: int, span: Span) -> list[Node]:
    """Nodes that nothing happens to, with their reports spread over the quarter hour."""
    begins = [span.begin - DAY + number * PERIOD // count for number in range(count)]
    return [Node(number, [Span(begin, span.end)]) for number, begin in enumerate(begins)]


def _times(random: Random, per_year: float, span: Span, years: float) -> list[int]:
    """As many times as come on the average, spread at random."""
    count = math.floor(per_year * years + random.random())
    return sorted(random.randrange(span.begin, span.end) for _ in range(count))


def _length(random: Random, fault: Fault) -> int:
    return round(math.exp(random.uniform(math.log(fault.shortest), math.log(fault.longest))))


def _spans(random: Random, faults: Iterable[Fault], span: Span, years: float) -> Iterator[Span]:
    for fault in faults:
        for at in _times(random, fault.per_year, span, years):
            yield Span(at, at + _length(random, fault))


def _node(random: Random, number: int, by_name: dict[str, Fault], span: Span, years: float) -> Node:
    chosen = {
        name: [by_name[name]] if name in by_name else [] for name in ("blip", "line", "power", "away", "flapping")
    }
    off = merged(_spans(random, [*chosen["power"], *chosen["away"]], span, years))
    cuts = list(_spans(random, [*chosen["blip"], *chosen["line"]], span, years))
    for bout in _spans(random, chosen["flapping"], span, years):
        cuts += _bout(random, bout)
    runs = list(_runs(Span(span.begin - DAY + random.randrange(PERIOD), span.end), off))
    fates = _fates(random, runs) if by_name else {}
    return Node(number, runs, merged(cuts), fates)


def _bout(random: Random, bout: Span) -> Iterator[Span]:
    at = bout.begin
    while at < bout.end:
        length = random.randrange(20 * MINUTE, 70 * MINUTE)
        yield Span(at, at + length)
        at += length + random.randrange(16 * MINUTE, 50 * MINUTE)


def _runs(life: Span, off: Sequence[Span]) -> Iterator[Span]:
    begin = life.begin
    for span in off:
        yield Span(begin, span.begin)
        begin = span.end
    if begin < life.end:
        yield Span(begin, life.end)


def _fates(random: Random, runs: Sequence[Span]) -> dict[tuple[int, int], int | None]:
    fates: dict[tuple[int, int], int | None] = {}
    for index, run in enumerate(runs):
        reports = run.length // PERIOD + 1
        for one_of, shortest, longest in (
            (LATE_ONE_OF, 20 * SECOND, 8 * MINUTE),
            (OVERTAKEN_ONE_OF, 20 * MINUTE, LATEST),
            (LOST_ONE_OF, 0, 0),
        ):
            for _ in range(math.floor(reports / one_of + random.random())):
                delay = random.randrange(shortest, longest) if longest else None
                fates[index, random.randrange(reports)] = delay
    return fates


def _partitions(random: Random, by_name: dict[str, Fault], span: Span, years: float, nodes: int) -> list[Partition]:
    found = []
    for name, least, most in (("partition", 50, 50), ("region", 2, 12)):
        for each in _spans(random, [by_name[name]] if name in by_name else [], span, years):
            count = max(1, nodes * random.randint(least, most) // 100)
            found.append(Partition(each, frozenset(random.sample(range(nodes), count))))
    return sorted(found, key=lambda each: each.span)


def _hub_faults(
    random: Random, by_name: dict[str, Fault], span: Span, years: float
) -> tuple[list[HubFault], list[ClockStep]]:
    """What befalls the hub, one after the other: a fault that would come too close to another is left out."""
    drawn: list[tuple[Span, Fault]] = []
    for fault in by_name.values():
        if fault.whose == "hub":
            drawn += [(each, fault) for each in _spans(random, [fault], span, years)]
    faults: list[HubFault] = []
    steps: list[ClockStep] = []
    free_from = span.begin + _QUIET
    for each, fault in sorted(drawn, key=lambda pair: pair[0]):
        if each.begin < free_from or each.end > span.end:
            continue
        free_from = each.end + _QUIET
        if fault.name in {"ahead", "behind"}:
            offset = round(math.exp(random.uniform(math.log(20 * MINUTE), math.log(30 * HOUR))))
            steps += [ClockStep(each.begin, offset if fault.name == "ahead" else -offset), ClockStep(each.end, 0)]
        elif fault.name == "storm":
            faults += _storm(random, each)
        else:
            faults.append(HubFault(_STATES[fault.name], each))
    return faults, steps


_STATES: dict[str, HubState] = {
    "restart": "off",
    "off": "off",
    "asleep": "asleep",
    "refused": "refused",
    "unwritable": "unwritable",
    "stalled": "stalled",
}


def _storm(random: Random, span: Span) -> Iterator[HubFault]:
    at = span.begin
    while at < span.end:
        length = random.randrange(8 * SECOND, 60 * SECOND)
        yield HubFault("off", Span(at, at + length))
        at += length + random.randrange(4 * MINUTE, 9 * MINUTE)
