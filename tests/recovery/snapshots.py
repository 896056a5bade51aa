"""Infrastructure backups for the tests of this room."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from tests.build import NOW

from felhom_hub.base.db import Db
from felhom_hub.recovery.record import Arrival, incoming_backup, record_backups


def body_of(customer_id: str = "nagy", **members: Any) -> bytes:
    """A backup as it comes over the wire."""
    return json.dumps({"customer_id": customer_id, **members}, ensure_ascii=False, indent=1).encode()


def arrival(body: bytes, *, received_at: datetime = NOW, key_digest: str | None = None) -> Arrival:
    """The backup on its way into the database."""
    return Arrival(incoming_backup(body), received_at, key_digest)


def record(*arrivals: Arrival) -> list[Any]:
    """The backups are committed together; each one's result."""
    with transaction.atomic():
        return record_backups(Db(), arrivals)


def send(*bodies: bytes, start: datetime = NOW, every: timedelta = timedelta(days=1)) -> None:
    """The bodies have come one after the other."""
    for number, body in enumerate(bodies):
        record(arrival(body, received_at=start + number * every))
