"""Deletes the hours of what apps used, and log issues, once nothing looks back to them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from felhom_hub.base.db import Db
from felhom_hub.base.portions import remove_found
from felhom_hub.customers.models import Customer
from felhom_hub.telemetry.models import LogIssue, TelemetryHour
from felhom_hub.telemetry.periods import MONTH
from felhom_hub.telemetry.summarise import hour_of

_CUSTOMERS = 250  # whose old hours are looked up with one query
# The apps' pages look back over a month of whole days, however short everything else is kept.
LEAST = timedelta(days=MONTH.days + 1)


def prune_hours(before: datetime, *, now: datetime) -> Iterator[int]:
    """Hours from before `before` that no page looks back to are gone; yields how many each transaction removed."""
    oldest = hour_of(min(before, now - LEAST))
    customers = list(Customer.everyone.order_by("pk").values_list("pk", flat=True))
    batches = (customers[begin : begin + _CUSTOMERS] for begin in range(0, len(customers), _CUSTOMERS))
    # By customer, since that is how the hours are indexed.
    old = (TelemetryHour.objects.filter(customer_id__in=batch, hour__lt=oldest) for batch in batches)
    return remove_found(old, _remove_hours)


def prune_issues(before: datetime, *, now: datetime) -> Iterator[int]:
    """Log issues that were seen last before then are gone; yields how many each transaction removed."""
    return remove_found([LogIssue.objects.filter(last_seen_at__lt=min(before, now - LEAST))], _remove_issues)


def _remove_hours(db: Db, pks: Sequence[int]) -> int:
    return db.delete(TelemetryHour, pks)


def _remove_issues(db: Db, pks: Sequence[int]) -> int:
    return db.delete(LogIssue, pks)
