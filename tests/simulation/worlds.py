"""Small plans whose truth can be said by heart."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from felhom_hub.simulation.mix import PERIOD
from felhom_hub.simulation.plan import BEGIN, Node, Plan
from felhom_hub.simulation.spans import DAY, HOUR, MINUTE, Span
from felhom_hub.simulation.world import World

NOON = BEGIN + 12 * HOUR


def at(hours: float, minutes: float = 0) -> int:
    """A time of the first day."""
    return BEGIN + round(hours * HOUR + minutes * MINUTE)


def hours(begin: float, end: float) -> Span:
    """A span of the first day."""
    return Span(at(begin), at(end))


def node(number: int, *, minute: int = 0, off: Sequence[Span] = (), cuts: Sequence[Span] = (), **more: Any) -> Node:
    """A node that reports at that minute of each quarter of an hour, but while it is off."""
    begin = BEGIN - DAY + minute * MINUTE
    runs = []
    for span in off:
        runs.append(Span(begin, span.begin))
        begin = span.end
    return Node(number, [*runs, Span(begin, BEGIN + DAY)], list(cuts), **more)


def plan(*nodes: Node, days: int = 1, **more: Any) -> Plan:
    """A plan of these nodes."""
    return replace(Plan(seed=1, span=Span(BEGIN, BEGIN + days * DAY), nodes=nodes), **more)


def fleet(count: int, **more: Any) -> Plan:
    """Nodes that nothing happens to, spread over the quarter of an hour."""
    return plan(*(node(number, minute=number * 15 // count) for number in range(count)), **more)


def world(*nodes: Node, **more: Any) -> World:
    return World(plan(*nodes, **more))


__all__ = ["NOON", "PERIOD", "at", "fleet", "hours", "node", "plan", "world"]
