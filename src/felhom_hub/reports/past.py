"""Brings a past into the hub, as (received_at, body), through the same code as the API: for the demo."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Max

from felhom_hub.base.db import Db
from felhom_hub.base.errors import ApiError
from felhom_hub.customers.identity import read_customer_id
from felhom_hub.events.payload import read_event
from felhom_hub.events.record import IncomingEvent, record_events
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.record import incoming_report, record_reports

BATCH = 500


def newest_receipt() -> datetime | None:
    """When any node was last heard, or None in an empty hub."""
    newest: datetime | None = NodeState.objects.aggregate(newest=Max("last_received_at"))["newest"]
    return newest


def record_past_reports(reports: Iterable[tuple[datetime, bytes]]) -> Iterator[int]:
    """Stores the reports, which come in the order of receipt; yields how many each commit has added."""
    waiting = iter(reports)
    while batch := list(islice(waiting, BATCH)):
        with transaction.atomic():
            _require_all(record_reports(Db(), [incoming_report(body, at, key_digest=None) for at, body in batch]))
        yield len(batch)


def record_past_events(events: Iterable[tuple[datetime, Mapping[str, Any]]]) -> int:
    """Stores the events, which come in the order of receipt; returns how many there were."""
    waiting, stored = iter(events), 0
    while batch := list(islice(waiting, BATCH)):
        with transaction.atomic():
            _require_all(record_events(Db(), [_incoming_event(document, at) for at, document in batch]))
        stored += len(batch)
    return stored


def _incoming_event(document: Mapping[str, Any], at: datetime) -> IncomingEvent:
    facts = read_event(document, customer_id=read_customer_id(document), strict_types=False)
    return IncomingEvent(facts, at, None)


def _require_all(results: Iterable[Any]) -> None:
    for result in results:
        if isinstance(result, ApiError):
            raise result
