"""Questions about stored events."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from felhom_hub.events.catalogue import Severity
from felhom_hub.events.models import Event


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One event as it was accepted."""

    pk: int
    event_type: str
    severity: str
    message: str
    source: str
    created_at: datetime


def newest_events(customer_pk: int, *, limit: int, severity: Severity | None = None) -> list[RecordedEvent]:
    """The customer's newest events, newest first, at most `limit`; of one severity where it is given."""
    events = Event.objects.filter(customer_id=customer_pk).order_by("-created_at", "-pk")
    if severity is not None:
        events = events.filter(severity=severity)
    names = ("pk", "event_type", "severity", "message", "source", "created_at")
    return [RecordedEvent(*row) for row in events.values_list(*names)[:limit]]


def events_of_types(
    customer_pk: int, types: Collection[str], *, since: datetime, limit: int
) -> list[tuple[str, datetime]]:
    """Type and time of the customer's events of these types since then, newest first, at most `limit`."""
    events = Event.objects.filter(customer_id=customer_pk, event_type__in=types, created_at__gte=since)
    return list(events.order_by("-created_at", "-pk").values_list("event_type", "created_at")[:limit])
