"""What `prune` does with the hub's code: old events, and how long a transaction of the deletion takes by itself."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction

from felhom_controller.blueprint import build_fleet
from felhom_controller.happenings import past_events
from felhom_hub.base.db import Db
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event
from felhom_hub.events.payload import read_event
from felhom_hub.events.prune import prune_events
from felhom_hub.notify.queries import needed_events
from felhom_hub.reports.prune import prune_reports

_NAMES = ("customer_id", "event_type", "severity", "message", "details_json", "source", "created_at")
_SEED, _MACHINES, _STOCK = 7, 40, timedelta(days=3)
_BATCH = 10_000


def store_old_events(*, events: int, now: str, since_days: int, until_days: int) -> int:
    """So many events of a simulated fleet are stored, in the order of their times, at equal distances; their number."""
    at = datetime.fromisoformat(now)
    fleet = build_fleet(_SEED, _MACHINES)
    facts = [
        read_event(document, customer_id=document["customer_id"], strict_types=False)
        for _, document in past_events(fleet, since=at - _STOCK, until=at)
    ]
    begin = to_milliseconds(at - timedelta(days=since_days))
    span = to_milliseconds(at - timedelta(days=until_days)) - begin
    pks = cycle(Customer.objects.order_by("pk").values_list("pk", flat=True))
    rows = (
        (
            pk,
            fact.event_type,
            fact.severity,
            fact.message,
            fact.details_json,
            fact.source,
            begin + span * number // events,
        )
        for number, (pk, fact) in enumerate(zip(pks, cycle(facts), strict=False))
    )
    with connection.cursor() as cursor:  # for the filling only: the measured hub opens connections of its own
        cursor.execute("PRAGMA synchronous=OFF")
    left = events
    while left > 0:
        with transaction.atomic():
            Db().insert(Event, _NAMES, list(islice(rows, min(_BATCH, left))))
        left -= _BATCH
    return events


def time_transactions(*, kind: str, before: str, seconds: float) -> dict[str, float]:
    """For so long old rows are deleted, with nobody beside: the longest transaction, and the most rows in one."""
    edge = datetime.fromisoformat(before)
    took: list[float] = []
    removed = []
    until = time.monotonic() + seconds
    with patch.object(transaction, "atomic", _timed(transaction.atomic, took)):
        found = prune_reports(edge) if kind == "reports" else prune_events(edge, now=edge, needed=needed_events)
        for count in found:
            removed.append(count)
            if time.monotonic() > until:
                break
    return {"longest_ms": max(took, default=0.0), "most_rows": max(removed, default=0), "transactions": len(removed)}


def _timed(atomic: Callable[..., Any], took: list[float]) -> Callable[..., Any]:
    @contextmanager
    def timed(**options: Any) -> Iterator[None]:
        began = time.perf_counter()
        with atomic(**options):
            yield
        took.append((time.perf_counter() - began) * 1000)

    return timed
