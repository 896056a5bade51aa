"""Sees to it that each node's silence counts by how often it reports: as the operator has set it, or as was learned.

What is set holds before what is learned; with neither a node is taken for one of the fleet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from felhom_hub.configs.queries import own_intervals
from felhom_hub.reports.allowance import allowances, set_allowances
from felhom_hub.reports.arrivals import from_bytes
from felhom_hub.reports.models import NodeState
from felhom_hub.watch.expectation import allowance_for, usual_interval


@dataclass(frozen=True)
class Expectation:
    """The fleet's interval, the span of silence that is stale, and whether intervals are learned."""

    fleet: timedelta
    stale: timedelta
    is_learned: bool

    def allowance(self, interval: timedelta | None) -> timedelta:
        """That of a node with this interval."""
        return allowance_for(interval, fleet=self.fleet, stale=self.stale)


def expectation() -> Expectation:
    """As hub.yaml has it."""
    alerting = settings.HUB.alerting
    return Expectation(alerting.report_interval, alerting.stale_threshold, alerting.learn_interval)


def expect_one(customer_pk: int, minutes: int | None, wanted: Expectation) -> None:
    """The node's silence counts by its interval from now on; without one by the fleet's, until it is learned anew."""
    interval = None if minutes is None else timedelta(minutes=minutes)
    set_allowances({customer_pk: wanted.allowance(interval)})


def expect_as_set(expected: Expectation) -> int:
    """The nodes with an interval of their own have its allowance; returns for how many that changed.

    So does one whose first report has come since, and every node after a change of hub.yaml. What was learned stays as
    long as intervals are learned.
    """
    wanted = {pk: expected.allowance(interval) for pk, interval in own_intervals().items()}
    if not expected.is_learned:
        wanted |= {pk: timedelta() for pk in allowances() if pk not in wanted}
    return set_allowances(wanted)


def learn_intervals(expected: Expectation) -> int:
    """The other nodes have the allowance of the interval that they are used to; returns for how many that changed."""
    own: Mapping[int, timedelta] = own_intervals()
    rows = NodeState.objects.values_list("customer_id", "arrivals", "arrivals_cell")
    return set_allowances(
        {
            pk: expected.allowance(usual_interval(from_bytes(bytes(arrivals), cell), fleet=expected.fleet))
            for pk, arrivals, cell in rows
            if pk not in own
        }
    )
