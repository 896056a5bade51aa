"""How much later than the fleet's a node's reports may come: its silence counts so much later.

A node that reports every hour instead of every quarter of an hour has an allowance of 45 minutes: what is stale after
30 minutes of silence elsewhere is stale after 75 there. It is stored as a difference, so that the thresholds of
hub.yaml keep their meaning for everybody, and a fleet without allowances costs nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThanOrEqual, LessThan, LessThanOrEqual

from felhom_hub.base.fields import InstantField
from felhom_hub.reports.models import NodeState

_MILLISECOND = timedelta(milliseconds=1)
_AT_ONCE = 500  # rows of one UPDATE


def silent_from(prefix: str = "node__") -> Combinable:
    """From when on a node's silence counts: its last report, moved by its allowance. Of a customer by default."""
    moved = F(f"{prefix}last_received_at") + F(f"{prefix}allowance_ms")
    return ExpressionWrapper(moved, output_field=InstantField())


def silent_before(moment: datetime | int) -> Q:
    """True of customers whose silence counts from before the moment."""
    return Q(LessThan(silent_from(), moment))


def silent_since(moment: datetime | int) -> Q:
    """True of customers whose silence counts from the moment or before it."""
    return Q(LessThanOrEqual(silent_from(), moment))


def not_silent_before(moment: datetime | int) -> Q:
    """True of customers whose silence counts from the moment or after it."""
    return Q(GreaterThanOrEqual(silent_from(), moment))


def allowances() -> dict[int, timedelta]:
    """The allowances that are not nothing, by the customer's key."""
    rows = NodeState.objects.exclude(allowance_ms=0).values_list("customer_id", "allowance_ms")
    return {pk: milliseconds * _MILLISECOND for pk, milliseconds in rows}


def set_allowances(wanted: Mapping[int, timedelta]) -> int:
    """These nodes have these allowances; returns for how many that is another one. Who has never reported has none."""
    known = dict(NodeState.objects.filter(pk__in=wanted).values_list("pk", "allowance_ms"))
    changed: dict[int, list[int]] = {}
    for pk, allowance in wanted.items():
        milliseconds = allowance // _MILLISECOND
        if pk in known and known[pk] != milliseconds:
            changed.setdefault(milliseconds, []).append(pk)
    for milliseconds, pks in changed.items():
        for begin in range(0, len(pks), _AT_ONCE):
            with transaction.atomic():
                NodeState.objects.filter(pk__in=pks[begin : begin + _AT_ONCE]).update(allowance_ms=milliseconds)
    return sum(map(len, changed.values()))
