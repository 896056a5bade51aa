"""Questions about the events of the whole fleet: a page of them newest first, one by its number, one incident's.

A page is read along an index from its newest event on, and nothing is counted beyond a limit: what a question costs
depends on the page, and not on how many events are kept.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from felhom_hub.events.catalogue import CATALOGUE, Severity
from felhom_hub.events.models import Event
from felhom_hub.events.queries import MAX_DETAILS, RecordedEvent

Cursor = tuple[datetime, int]  # when an event was recorded, and its key

_ANNOUNCEMENTS = ("hub_incident_began", "hub_incident_ended")
_OF_INCIDENTS = ("node_stale", "node_down", "node_recovered", *_ANNOUNCEMENTS)
_LARGEST_KEY = 2**63 - 1  # PostgreSQL refuses to compare a key with more


@dataclass(frozen=True, slots=True)
class FleetEvent(RecordedEvent):
    """One event with whose it is; without a customer it is the whole fleet's."""

    customer_pk: int | None = None
    customer_id: str = ""
    name: str = ""
    is_deleted: bool = False  # of a customer that has been deleted since

    @property
    def server(self) -> str:
        """The customer's name, or its id where it has none; empty for the whole fleet."""
        return self.name or self.customer_id


@dataclass(frozen=True)
class Wanted:
    """Which events: since when, and of which severity, types and customers; None leaves out none.

    Where both customers and types are `named`, an event of either is wanted.
    """

    since: datetime
    severity: Severity | None = None
    types: Collection[str] | None = None
    named: tuple[Collection[int], Collection[str]] | None = None


def fleet_events(wanted: Wanted, *, limit: int, before: Cursor | None = None) -> list[FleetEvent]:
    """The newest events that are wanted, newest first, at most `limit`; those older than `before`, if given."""
    return _read(_before(_of(wanted), before), limit)


def counts_of(wanted: Wanted, *, limit: int) -> dict[str, int]:
    """How many of the newest wanted events have each severity; no more than `limit` are counted."""
    newest = _of(wanted).order_by("-created_at", "-pk").values("pk")[:limit]
    return dict(Event.objects.filter(pk__in=newest).order_by().values_list("severity").annotate(Count("pk")))


def uncatalogued_types(*, limit: int) -> list[str]:
    """The types of stored events that are in no catalogue, by name, at most `limit`; read off the index of types."""
    stored = set(Event.objects.order_by().values_list("event_type", flat=True).distinct())
    return sorted(stored - set(CATALOGUE))[:limit]


def event_by_number(number: int) -> FleetEvent | None:
    """The event with that number, or None."""
    if not 0 < number <= _LARGEST_KEY:
        return None
    return next(iter(_read(Event.objects.filter(pk=number), 1)), None)


def events_of_incident(
    incident_pk: int, *, since: datetime, until: datetime | None, limit: int, before: Cursor | None = None
) -> list[FleetEvent]:
    """What the hub recorded of one incident, newest first, at most `limit`; it was open between the two times."""
    events = Event.objects.filter(event_type__in=_OF_INCIDENTS, source="hub", created_at__gte=since)
    if until is not None:
        events = events.filter(created_at__lte=until)
    # As `watch` writes it; what a box sends has another source.
    member = f'"incident": {incident_pk}'
    events = events.filter(Q(details_json__contains=f"{member},") | Q(details_json__contains=f"{member}}}"))
    return _read(_before(events, before), limit)


def announcements_at(times: Collection[datetime]) -> list[FleetEvent]:
    """The events by which it was told that an incident began or ended at one of these times."""
    events = Event.objects.filter(event_type__in=_ANNOUNCEMENTS, customer=None, created_at__in=times)
    return _read(events, 2 * len(times))


def _of(wanted: Wanted) -> QuerySet[Event]:
    events = Event.objects.filter(created_at__gte=wanted.since)
    if wanted.severity is not None:
        events = events.filter(severity=wanted.severity)
    if wanted.types is not None:
        events = events.filter(event_type__in=wanted.types)
    if wanted.named is not None:
        customers, types = wanted.named
        events = events.filter(Q(customer_id__in=customers) | Q(event_type__in=types))
    return events


def _before(events: QuerySet[Event], before: Cursor | None) -> QuerySet[Event]:
    if before is None:
        return events
    at, pk = before
    return events.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk), created_at__lte=at)


def _read(events: QuerySet[Event], limit: int) -> list[FleetEvent]:
    names = ("pk", "event_type", "severity", "message", "source", "created_at")
    beginning = Substr("details_json", 1, MAX_DETAILS + 1)
    whose = ("customer_id", "customer__customer_id", "customer__name", "customer__deleted_at")
    rows = events.order_by("-created_at", "-pk").values_list(*names, beginning, *whose)[:limit]
    return [_fleet_event(row) for row in rows]


def _fleet_event(row: Sequence[Any]) -> FleetEvent:
    *event, customer_pk, customer_id, name, deleted_at = row
    columns = (*event, customer_pk, customer_id or "", name or "", deleted_at is not None)
    return FleetEvent(*columns)
