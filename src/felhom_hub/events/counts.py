"""Keeps the counts of the last 24 hours beside the events, so that the overview never counts rows.

A count goes up in the transaction that stores the event, and down when the window moves past it; both are exact,
since the window's edge is a row of its own that moves in the same transaction.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from felhom_hub.base.db import Db
from felhom_hub.events.models import CountedWindow, Event, EventCount

WINDOW = timedelta(hours=24)
_THE_ROW = 1
_COUNTED = ("error", "warning")


def count_events(db: Db, events: Iterable[tuple[int, str]]) -> None:
    """The counts hold the new events, given as (customer key, severity)."""
    counted = Counter((pk, severity) for pk, severity in events if severity in _COUNTED)
    if not counted:
        return
    customers = {pk for pk, _ in counted}
    names = ("customer_id", "errors", "warnings")
    # A row that is not there cannot be locked, and another hub may count the first events of a customer just now.
    db.insert(EventCount, names, [(pk, 0, 0) for pk in sorted(customers)], on_conflict="ignore")
    known = {row[0]: row for row in db.select(EventCount, names, key="customer_id", values=customers, lock=True)}
    rows = []
    for pk in sorted(customers):
        _, errors, warnings = known[pk]
        rows.append((pk, errors + counted[pk, "error"], warnings + counted[pk, "warning"]))
    db.insert(EventCount, names, rows, on_conflict="update", key=("customer_id",))


def is_counted(db: Db, created_ms: int) -> bool:
    """False for an event from before the counted window: the past that a demo or an import brings along."""
    row = db.select(CountedWindow, ("counted_from",), key="id", values=[_THE_ROW])
    return not row or created_ms >= row[0][0]


def move_window(now: datetime) -> int:
    """The counts hold exactly the events of the 24 hours before `now`; returns how many events left the window.

    Where there is no window yet, it is opened and everything in it counted once.
    """
    edge = now - WINDOW
    with transaction.atomic():
        window = CountedWindow.objects.select_for_update().filter(pk=_THE_ROW).first()
        if window is None:
            CountedWindow.objects.create(pk=_THE_ROW, counted_from=edge)
            _count_afresh(edge)
            return 0
        if edge <= window.counted_from:
            return 0  # the clock was set back; what was counted stays counted
        leaving = Event.objects.filter(created_at__gte=window.counted_from, created_at__lt=edge)
        gone = 0
        for row in _grouped(leaving):
            EventCount.objects.filter(customer_id=row["customer_id"]).update(
                errors=F("errors") - row["errors"], warnings=F("warnings") - row["warnings"]
            )
            gone += row["errors"] + row["warnings"]
        CountedWindow.objects.filter(pk=_THE_ROW).update(counted_from=edge)
        return gone


def _count_afresh(edge: datetime) -> None:
    EventCount.objects.all().delete()
    EventCount.objects.bulk_create(
        EventCount(customer_id=row["customer_id"], errors=row["errors"], warnings=row["warnings"])
        for row in _grouped(Event.objects.filter(created_at__gte=edge))
    )


def _grouped(events: QuerySet[Event]) -> list[Any]:
    """One dict a customer with errors or warnings: customer_id, errors, warnings.

    In the order in which `count_events` locks the rows: the job and the writer must not wait for each other.
    """
    return list(
        events.filter(severity__in=_COUNTED, customer__isnull=False)
        .order_by("customer_id")
        .values("customer_id")
        .annotate(errors=Count("id", filter=Q(severity="error")), warnings=Count("id", filter=Q(severity="warning")))
    )
