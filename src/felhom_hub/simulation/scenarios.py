"""Plans in which one thing goes wrong, or nothing: what has to come of each can be said beforehand. Pure."""

from dataclasses import dataclass, replace

from felhom_hub.simulation.plan import BEGIN, HubFault, Node, Partition, Plan, Size, healthy_nodes, make_plan
from felhom_hub.simulation.spans import DAY, HOUR, MINUTE, Span, without


@dataclass(frozen=True)
class Scenario:
    """A plan, with what it is in words and what has to come of it."""

    words: str
    wanted: str
    plan: Plan


def without_faults(seed: int, size: Size) -> Scenario:
    """Every report comes, a few seconds after its time, and the hub hears them all."""
    plan = make_plan(seed, size, faults=())
    return Scenario(f"{size.nodes:,} nodes for {size.days} days, and no fault", "no alarm", plan)


def hub_off(seed: int, nodes: int) -> Scenario:
    """The hub is not running for six hours, and the fleet goes on."""
    off = Span(BEGIN + 6 * HOUR, BEGIN + 12 * HOUR)
    plan = replace(_healthy(seed, nodes), hub=[HubFault("off", off)])
    return Scenario(f"hub off for 6 hours, {nodes:,} nodes", "no alarm, one summary", plan)


def half_cut_off(seed: int, nodes: int) -> Scenario:
    """Every second node does not reach the hub for three hours; two of them stay away when the others are back."""
    cut = Partition(Span(BEGIN + 6 * HOUR, BEGIN + 9 * HOUR), frozenset(range(0, nodes, 2)))
    plan = _healthy(seed, nodes)
    stay = [_off(node, Span(BEGIN + 7 * HOUR, plan.span.end)) if node.number in {0, 4} else node for node in plan.nodes]
    return Scenario(
        f"half of {nodes:,} nodes cut off for 3 hours, two of them for good",
        "one incident; the two are told alone when it is over",
        replace(plan, nodes=stay, partitions=[cut]),
    )


def mail_away(seed: int, nodes: int) -> Scenario:
    """The mail provider accepts nothing for six hours, in which one node of ten goes off, one after the other."""
    away = Span(BEGIN + 6 * HOUR, BEGIN + 12 * HOUR)
    plan = _healthy(seed, nodes)
    off = range(0, nodes, 10)
    step = 5 * HOUR // max(1, len(off))
    begins = {number: away.begin + index * step for index, number in enumerate(off)}
    gone = [
        _off(node, Span(begins[node.number], begins[node.number] + 100 * MINUTE)) if node.number in begins else node
        for node in plan.nodes
    ]
    return Scenario(
        f"mail provider away for 6 hours, in which {len(off):,} of {nodes:,} nodes go off one by one",
        "no message lost, none doubled, one summary for each recipient of many",
        replace(plan, nodes=gone, mail=[away]),
    )


def _healthy(seed: int, nodes: int) -> Plan:
    span = Span(BEGIN, BEGIN + DAY)
    return Plan(seed=seed, span=span, nodes=healthy_nodes(nodes, span))


def _off(node: Node, span: Span) -> Node:
    return replace(node, runs=[run for run in without(node.runs, [span]) if run.length])
