"""Stores events, the controllers' and the hub's own: one row each, the counts beside them, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from felhom_hub.base.db import Db
from felhom_hub.base.instants import from_milliseconds, to_milliseconds
from felhom_hub.customers.confirm import still_valid
from felhom_hub.customers.reporting import customers_reporting
from felhom_hub.events.catalogue import Severity
from felhom_hub.events.consequences import RecordedEvent, follow
from felhom_hub.events.counts import count_events, is_counted
from felhom_hub.events.models import Event
from felhom_hub.events.payload import EventFacts

SOURCE = "hub"  # of the events that the hub itself has found
_NAMES = ("customer_id", "event_type", "severity", "message", "details_json", "source", "created_at")


@dataclass(frozen=True)
class IncomingEvent:
    """One event on its way into the database."""

    facts: EventFacts
    received_at: datetime
    key_digest: str | None  # of the customer's key that it came with; None for the global key


@dataclass(frozen=True)
class HubEvent:
    """An event that the hub itself has found; `customer_pk` is None for one of the whole fleet."""

    customer_pk: int | None
    event_type: str
    severity: Severity
    message: str
    details_json: str = ""


def record_hub_events(db: Db, events: Sequence[HubEvent], *, now: datetime) -> None:
    """The hub's own events are stored when the transaction commits, with the source `hub`.

    It is the caller's transaction that makes an event happen once: what it is derived from changes in the same one.
    """
    at = to_milliseconds(now)
    _store(
        db,
        [
            (each.customer_pk, each.event_type, each.severity, each.message, each.details_json, SOURCE, at)
            for each in events
        ],
    )


def record_events(db: Db, incoming: Sequence[IncomingEvent]) -> list[Any]:
    """The events are stored when the transaction commits; each one's result is True, or the error that refuses it."""
    refused = still_valid(incoming)
    kept = [event for event, error in zip(incoming, refused, strict=True) if error is None]
    if kept:
        now_ms = to_milliseconds(kept[0].received_at)
        names = {event.facts.customer_id: "" for event in kept}
        by_global_key = {event.facts.customer_id for event in kept if event.key_digest is None}
        known = customers_reporting(db, names, by_global_key=by_global_key, now_ms=now_ms)
        rows = [_row(event, known[event.facts.customer_id].pk) for event in kept]
        _store(db, rows)
    return [True if error is None else error for error in refused]


def _row(event: IncomingEvent, pk: int) -> tuple[Any, ...]:
    facts = event.facts
    created = to_milliseconds(event.received_at)
    return pk, facts.event_type, facts.severity, facts.message, facts.details_json, facts.source, created


def _store(db: Db, rows: list[tuple[Any, ...]]) -> None:
    """The rows are there, counted, and followed by what rooms above do about them."""
    if rows:
        pks = insert_events(db, rows)
        follow(db, [_recorded(pk, row) for pk, row in zip(pks, rows, strict=True)])


def insert_events(db: Db, rows: Sequence[tuple[Any, ...]]) -> list[int]:
    """The rows, in the order of the columns, are there and counted, and nothing follows; their numbers."""
    if not rows:
        return []
    # Numbers are given in the order of the rows; SQLite promises no order in which it returns them.
    pks: list[int] = sorted(pk for (pk,) in db.insert(Event, _NAMES, rows, returning=("id",)))
    oldest = min(row[6] for row in rows)
    counted = rows if is_counted(db, oldest) else [row for row in rows if is_counted(db, row[6])]
    count_events(db, ((row[0], row[2]) for row in counted if row[0] is not None))
    return pks


def _recorded(pk: int, row: tuple[Any, ...]) -> RecordedEvent:
    customer_pk, event_type, severity, message, details_json, source, created = row
    at = from_milliseconds(created)
    return RecordedEvent(pk, customer_pk, event_type, severity, message, details_json, source, at)
