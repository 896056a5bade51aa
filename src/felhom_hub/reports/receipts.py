"""When reports were accepted, whoever sent them, and what becomes of those times where the clock was set back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Max, Min, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable

from felhom_hub.base.db import Db
from felhom_hub.base.fields import in_milliseconds
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.reports.clock import borne_out
from felhom_hub.reports.models import NodeState, Report

# Reports have no index by the time of receipt; the newest lie together at the end of the table.
_MOST = 10_000
_LATELY = timedelta(days=1)


def newest_receipt(*, before: datetime | None = None) -> datetime | None:
    """When any node was last heard, or was before then; None where none was."""
    nodes = NodeState.objects.all() if before is None else NodeState.objects.filter(last_received_at__lt=before)
    newest: datetime | None = nodes.aggregate(at=Max("last_received_at"))["at"]
    return newest


def oldest_receipt() -> datetime | None:
    """When the first report ever was accepted; None where there is none."""
    oldest: datetime | None = NodeState.objects.aggregate(at=Min("first_received_at"))["at"]
    return oldest


def accepted_between(since: datetime, until: datetime) -> list[datetime]:
    """When reports were accepted in that time, as far as the newest 10,000 tell and each node's last one."""
    newest = list(Report.objects.order_by("-pk").values_list("received_at", flat=True)[:_MOST])
    last = NodeState.objects.filter(last_received_at__gt=since, last_received_at__lt=until)
    times = {at for at in newest if since < at < until} | set(last.values_list("last_received_at", flat=True))
    return sorted(times)


def time_borne_out(now: datetime) -> datetime | None:
    """The time that the reports bear out (clock.py), `now` at the latest; None where nobody has ever reported."""
    newest = newest_receipt()
    if newest is None:
        return None
    lately = NodeState.objects.filter(last_received_at__gt=min(now, newest) - _LATELY)
    skews = lately.values_list("clock_skew_seconds", flat=True)
    return borne_out(now, newest_receipt=newest, skews=[skew for skew in skews if skew is not None])


def set_back_receipts(now: datetime) -> None:
    """No node was heard later than `now`, to which the clock was set back: its reports count again from here.

    Those of a node that count as made later move back together until the newest is of now, so that the next one is
    newer; else the node's state would stand still until the time that the clock had shown.
    """
    NodeState.objects.filter(last_received_at__gt=now).update(last_received_at=now)
    NodeState.objects.filter(first_received_at__gt=now).update(first_received_at=now)
    ahead = NodeState.objects.filter(position_at__gt=now)
    newest = Subquery(ahead.filter(pk=OuterRef("customer_id")).values("position_at"))
    # By customer, since that is the index that holds positions.
    reports = Report.objects.filter(customer_id__in=ahead.values("pk"), position_at__gt=now)
    reports.update(position_at=_moved("position_at", newest, now))
    ahead.filter(health_since_at__gt=now).update(health_since_at=_moved("health_since_at", F("position_at"), now))
    ahead.update(position_at=now)


def _moved(column: str, newest: Combinable, now: datetime) -> Combinable:
    return in_milliseconds(column) - in_milliseconds(newest) + Value(to_milliseconds(now))


def move_receipts(db: Db, receipts: Sequence[tuple[int, int]]) -> None:
    """Nodes, by the customer's key, were heard last at these milliseconds; what they said is not kept.

    For the simulation, whose reports say nothing new, 35 million a year.
    """
    db.update_each(NodeState, "last_received_at", receipts)
