"""What follows from an event in the transaction that stores it: rooms above register it here.

So the event and what was decided about it are there together or not at all (the outbox of `notify`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from felhom_hub.base.db import Db
from felhom_hub.events.catalogue import Severity


@dataclass(frozen=True)
class RecordedEvent:
    """One event as it was stored just now; `customer_pk` is None for one of the whole fleet."""

    pk: int
    customer_pk: int | None
    event_type: str
    severity: Severity
    message: str
    details_json: str
    source: str
    created_at: datetime


Consequence = Callable[[Db, Sequence[RecordedEvent]], None]

_rooms: dict[str, Consequence] = {}


def register_consequence(room: str, consequence: Consequence) -> None:
    """`consequence` is called with every batch of new events, in their transaction; what it raises stops the batch."""
    _rooms[room] = consequence


def follow(db: Db, events: Sequence[RecordedEvent]) -> None:
    """Every room has done what follows from the events."""
    if events:
        for consequence in _rooms.values():
            consequence(db, events)
