"""Questions about stored events."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.db.models.functions import Substr

from felhom_hub.events.catalogue import Severity
from felhom_hub.events.models import Event

MAX_DETAILS = 1000  # characters; what a box sends along may be long


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One event as it was accepted."""

    pk: int
    event_type: str
    severity: str
    message: str
    source: str
    created_at: datetime
    details: str = ""  # their beginning


def newest_events(
    customer_pk: int, *, limit: int, severity: Severity | None = None, before: tuple[datetime, int] | None = None
) -> list[RecordedEvent]:
    """The customer's newest events, newest first, at most `limit`; of one severity, or older than one, if given.

    `before` is that one's time and key.
    """
    events = Event.objects.filter(customer_id=customer_pk).order_by("-created_at", "-pk")
    if severity is not None:
        events = events.filter(severity=severity)
    if before is not None:
        at, pk = before
        events = events.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk), created_at__lte=at)
    names = ("pk", "event_type", "severity", "message", "source", "created_at")
    beginning = Substr("details_json", 1, MAX_DETAILS + 1)
    return [RecordedEvent(*row) for row in events.values_list(*names, beginning)[:limit]]


def counts_by_severity(customer_pk: int, *, limit: int) -> dict[str, int]:
    """How many of the customer's newest events have each severity; no more than `limit` are counted."""
    newest = Event.objects.filter(customer_id=customer_pk).order_by("-created_at", "-pk").values("pk")[:limit]
    return dict(Event.objects.filter(pk__in=newest).order_by().values_list("severity").annotate(Count("pk")))


def events_of_types(
    customer_pk: int, types: Collection[str], *, since: datetime, limit: int
) -> list[tuple[str, datetime]]:
    """Type and time of the customer's events of these types since then, newest first, at most `limit`."""
    events = Event.objects.filter(customer_id=customer_pk, event_type__in=types, created_at__gte=since)
    return list(events.order_by("-created_at", "-pk").values_list("event_type", "created_at")[:limit])


def newest_by_customer(
    types: Collection[str], *, since: datetime, customers: Collection[int] | None = None
) -> dict[int, datetime]:
    """When each customer's newest event of these types since then came; a customer without one is missing.

    Of all customers, or of those with the keys `customers`.
    """
    events = Event.objects.filter(event_type__in=types, created_at__gte=since, customer__isnull=False).order_by()
    if customers is not None:
        events = events.filter(customer_id__in=customers)
    return dict(events.values_list("customer_id").annotate(at=Max("created_at")))


def fleet_events(event_type: str, *, since: datetime, limit: int) -> list[tuple[int, datetime]]:
    """Key and time of the events of the whole fleet that have this type, since then, newest first, at most `limit`."""
    events = Event.objects.filter(customer=None, event_type=event_type, created_at__gte=since)
    return list(events.order_by("-created_at", "-pk").values_list("pk", "created_at")[:limit])


def count_events(customer_pk: int, *, limit: int) -> int:
    """How many events of the customer are kept; no more than `limit` are counted."""
    return Event.objects.filter(customer_id=customer_pk).order_by().values("pk")[:limit].count()
