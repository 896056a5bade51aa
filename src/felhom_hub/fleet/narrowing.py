"""Which servers a view's filters leave: by status, by a problem, by a text without regard to case and accents."""

from collections.abc import Callable, Collection

from felhom_hub.base.folding import folded
from felhom_hub.fleet.address import Problem, View
from felhom_hub.fleet.clock import Clock
from felhom_hub.fleet.order import Buckets, sort_name
from felhom_hub.fleet.places import STATUSES
from felhom_hub.fleet.roster import Server, read_reasons

Test = Callable[[Server], bool]


def narrowed(listed: Buckets, view: View, clock: Clock, *, changed: Collection[int]) -> Buckets:
    """The servers of each place that pass; `changed` are the keys of those that Problem.CHANGED shows."""
    tests = _tests(view, clock, changed)
    found = []
    for status, servers in zip(STATUSES, listed, strict=False):
        kept = servers if view.status in (None, status) else []
        for passes in tests:
            kept = [server for server in kept if passes(server)]
        found.append(kept)
    return found


def _tests(view: View, clock: Clock, changed: Collection[int]) -> list[Test]:
    tests: list[Test] = []
    if view.problem is Problem.CHANGED:
        tests.append(lambda server: server.pk in changed)
    elif view.problem:
        tests.append(lambda server: bool(server.has_problem))
    return [*tests, _says(view.text, clock)] if view.text else tests


def _says(text: str, clock: Clock) -> Test:
    """Whether a server's name, id, town or reason holds the text."""
    wanted, reasons = folded(text), read_reasons(clock)

    def says(server: Server) -> bool:
        if wanted in sort_name(server.text or ""):
            return True
        reason = reasons.get(server.pk)  # most servers are well and have none
        return reason is not None and wanted in sort_name(reason)

    return says
