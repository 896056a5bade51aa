"""Stores what boxes report of their apps, and reads what was summed up."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from tests.build import NOW

from felhom_hub.base.db import Db
from felhom_hub.customers.models import Customer
from felhom_hub.reports.app_telemetry import read_apps
from felhom_hub.telemetry.models import AppFigures, AppUsage
from felhom_hub.telemetry.record import ReportedApps, record_telemetry

NOW_HOUR = int(NOW.timestamp()) // 3600


def app(memory: float | None = 100, name: str = "immich", **members: Any) -> dict[str, Any]:
    """An app of a report."""
    return {"app_name": name, "memory_avg_mb": memory, **members}


def store(customer: Customer, at: datetime, *entries: Any) -> None:
    """A report of the customer is stored."""
    store_all([(customer, at, entries)])


def store_all(reports: Iterable[tuple[Customer, datetime, Iterable[Any]]]) -> None:
    """The reports are stored in one batch."""
    with transaction.atomic():
        record_telemetry(Db(), [ReportedApps(customer.pk, at, read_apps(apps)) for customer, at, apps in reports])


def usage(period: str = "7d", *names: str) -> list[tuple[Any, ...]]:
    """Customer, app and the named columns of what was summed up for each box."""
    rows = AppUsage.objects.filter(period=period).order_by("customer__customer_id", "app_name")
    return list(rows.values_list("customer__customer_id", "app_name", *(names or ("samples",))))


def figures(period: str = "7d", *names: str) -> list[tuple[Any, ...]]:
    """App and the named columns of what was summed up for the fleet."""
    rows = AppFigures.objects.filter(period=period).exclude(app_name="").order_by("app_name")
    return list(rows.values_list("app_name", *(names or ("installations", "samples"))))


def a_day(customer: Customer, *entries: Any) -> None:
    """The customer has reported the same for a day, a report a quarter of an hour."""
    store_all([(customer, NOW - timedelta(minutes=15 * quarter), entries) for quarter in range(92)])
