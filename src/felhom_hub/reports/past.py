"""Brings a past into the hub through the same code as the API: the demo's, and that of another hub."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Max, Min

from felhom_hub.base.db import Db
from felhom_hub.base.errors import ApiError
from felhom_hub.customers.identity import read_customer_id
from felhom_hub.events.payload import read_event
from felhom_hub.events.record import IncomingEvent, record_events
from felhom_hub.reports.models import Report
from felhom_hub.reports.record import incoming_report, record_reports
from felhom_hub.reports.state import Incoming

BATCH = 500


def record_past_reports(reports: Iterable[tuple[datetime, bytes]]) -> Iterator[int]:
    """Stores the reports, which come in the order of receipt; yields how many each commit has added."""
    waiting = iter(reports)
    while batch := list(islice(waiting, BATCH)):
        with transaction.atomic():
            _require_all(record_reports(Db(), [incoming_report(body, at, key_digest=None) for at, body in batch]))
        yield len(batch)


def store_past_reports(incoming: Sequence[Incoming]) -> int:
    """The reports are stored; how many were not there before. In the caller's transaction."""
    newest = Report.objects.aggregate(newest=Max("pk"))["newest"] or 0
    _require_all(record_reports(Db(), incoming))
    return Report.objects.filter(pk__gt=newest).count()


def oldest_receipts(customer_pks: Collection[int]) -> dict[int, datetime]:
    """When the oldest stored report of each of these customers came; who has none is missing."""
    rows = Report.objects.filter(customer_id__in=customer_pks).values("customer_id")
    return {row["customer_id"]: row["oldest"] for row in rows.annotate(oldest=Min("received_at"))}


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
