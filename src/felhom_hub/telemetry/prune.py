"""Deletes the hours of what apps used, what was summed up of them, and log issues, once nothing looks back to them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from felhom_hub.base.db import Db
from felhom_hub.base.portions import remove_found
from felhom_hub.customers.models import Customer
from felhom_hub.telemetry.models import CustomerDay, FleetHour, LogIssue, TelemetryHour
from felhom_hub.telemetry.periods import HOURS_A_DAY, MONTH
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


def prune_summaries(now: datetime) -> Iterator[int]:
    """Boxes' days and the fleet's hours that no period reaches any more are gone; likewise."""
    oldest = MONTH.first_hour(hour_of(now))
    yield from remove_found([FleetHour.objects.filter(hour__lt=oldest)], _remove_fleet_hours)
    yield from remove_found([CustomerDay.objects.filter(day__lt=oldest // HOURS_A_DAY)], _remove_days)


def _remove_fleet_hours(db: Db, pks: Sequence[int]) -> int:
    return db.delete(FleetHour, pks)


def _remove_days(db: Db, pks: Sequence[int]) -> int:
    return db.delete(CustomerDay, pks)


def _remove_hours(db: Db, pks: Sequence[int]) -> int:
    return db.delete(TelemetryHour, pks)


def _remove_issues(db: Db, pks: Sequence[int]) -> int:
    return db.delete(LogIssue, pks)
