"""Stores events that another hub has dealt with: they are in every list, and nobody is told of them any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from felhom_hub.base.db import Db
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.customers.reporting import customers_reporting
from felhom_hub.events.catalogue import Severity
from felhom_hub.events.record import insert_events


@dataclass(frozen=True)
class PastEvent:
    """One event with the time at which the other hub had it."""

    customer_id: str
    event_type: str
    severity: Severity
    message: str
    details_json: str
    source: str
    created_at: datetime


def store_past_events(events: Sequence[PastEvent], *, now: datetime) -> None:
    """The events are stored, in the caller's transaction; an unknown customer becomes a manual one."""
    db = Db()
    names = {event.customer_id: "" for event in events}
    known = customers_reporting(db, names, by_global_key=(), now_ms=to_milliseconds(now))
    insert_events(
        db,
        [
            (
                known[event.customer_id].pk,
                event.event_type,
                event.severity,
                event.message,
                event.details_json,
                event.source,
                to_milliseconds(event.created_at),
            )
            for event in events
        ],
    )
