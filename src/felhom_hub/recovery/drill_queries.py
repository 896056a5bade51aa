"""Questions about drills: a customer's, the fleet's last one, how they went of late, and who is due for one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from felhom_hub.customers.models import Credential, Customer
from felhom_hub.recovery.drill_outcome import Result
from felhom_hub.recovery.models import Drill

OF_LATE: Final = timedelta(days=90)
_LISTED: Final = 20


@dataclass(frozen=True)
class FleetDrills:
    """How the drills of the last 90 days ended; `never` is how many that can be drilled never were."""

    passed: int
    gaps: int
    failed: int
    never: int


def drills_of(customer_pk: int, *, limit: int = _LISTED) -> list[Drill]:
    """The customer's drills, newest first."""
    rows = Drill.objects.filter(customer_id=customer_pk).select_related("customer")
    return list(rows.order_by("-started_at", "-pk")[:limit])


def last_drill_of(customer_pk: int) -> Drill | None:
    """The customer's newest drill; None where there was none."""
    return next(iter(drills_of(customer_pk, limit=1)), None)


def last_drill() -> Drill | None:
    """The fleet's newest drill, with its customer; None where there was none."""
    rows = Drill.objects.filter(customer__deleted_at=None).select_related("customer")
    return rows.order_by("-started_at", "-pk").first()


def last_drills_of(customer_pks: Collection[int]) -> Mapping[int, datetime]:
    """When each of these customers was drilled last; one that never was is missing."""
    rows = Drill.objects.filter(customer_id__in=customer_pks).order_by()
    return dict(rows.values_list("customer_id").annotate(Max("started_at")))


def fleet_drills(now: datetime) -> FleetDrills:
    """The counts of the whole fleet."""
    of_late = Drill.objects.filter(started_at__gt=now - OF_LATE, customer__deleted_at=None)
    counts = dict(of_late.order_by().values_list("result").annotate(Count("pk")))
    never = _can_be_drilled().filter(drills=None).count()
    passed, gaps, failed = (counts.get(each.value, 0) for each in Result)
    return FleetDrills(passed, gaps, failed, never)


def due_customers(span: timedelta, now: datetime, *, limit: int | None = None) -> list[Customer]:
    """Who can be drilled and was not within the span: those that never were first, then the longest ago.

    Behind them who was tried since and could not be drilled, the longest ago first, so that nobody is held up by them.

    A drill that is noted ahead of `now` was noted by a clock that has been set right since; it counts as none.
    """
    newest = Drill.objects.filter(customer=OuterRef("pk")).order_by("-started_at", "-pk")
    rows = _can_be_drilled().annotate(last_drill_at=Subquery(newest.values("started_at")[:1]))
    due = rows.filter(Q(last_drill_at=None) | Q(last_drill_at__lte=now - span) | Q(last_drill_at__gt=now))
    tried, drilled = F("drill_try__tried_at"), F("last_drill_at")
    ordered = due.order_by(tried.asc(nulls_first=True), drilled.asc(nulls_first=True), "customer_id")
    return list(ordered if limit is None else ordered[:limit])


def drillable_customers() -> list[Customer]:
    """All that can be drilled: not blocked, and with a retrieval password."""
    return list(_can_be_drilled().order_by("customer_id"))


def _can_be_drilled() -> QuerySet[Customer]:
    held = Credential.objects.filter(kind=Credential.Kind.RETRIEVAL_PASSWORD, revoked_at=None)
    return Customer.objects.filter(blocked_at=None, pk__in=held.values("customer_id"))
