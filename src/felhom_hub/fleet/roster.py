"""Reads the whole fleet with as little of each server as counting, ordering and searching need.

Ten thousand rows pass here on every refresh, so values come as they are stored: making a time or a sentence of each
would take longer than reading them. The rows that are shown are read again, whole, by `reports.summary`.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db.models import ExpressionWrapper, F, Field, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from felhom_hub.customers.models import Customer
from felhom_hub.fleet.columns import Column
from felhom_hub.reports.status import Health, Heard, Status, verdict_of
from felhom_hub.reports.summary import status_filter, thresholds


class Server(NamedTuple):
    """One customer as it lies in the database: times in milliseconds, None before the first report.

    `sort_value` is the column that a sort asks for, else None.
    """

    pk: int
    customer_id: str
    name: str
    created_ms: int
    blocked_ms: int | None
    first_received_ms: int | None
    last_received_ms: int | None
    arrivals: bytes | None
    is_paused: bool | None
    health: str | None
    last_backup_ms: int | None
    last_backup_ok: bool | None
    sort_value: Any


class Signals(NamedTuple):
    """What orders the servers that have a health problem."""

    pk: int
    health_since_ms: int | None
    cpu_percent: float | None
    memory_percent: float | None
    disk_percent: float | None
    temperature_celsius: float | None
    errors_24h: int | None


def read_fleet(sort: Column | None = None) -> list[Server]:
    """Every customer, blocked ones included, in no order."""
    names = (
        "pk", "customer_id", "name", "created_at", "blocked_at", "node__first_received_at", "node__last_received_at",
        "node__arrivals", "node__monitoring_paused", "node__health", "node__last_backup_at", "node__last_backup_ok",
    )  # fmt: skip
    sort_value = Value(None) if sort is None else _SORT_VALUES[sort]
    rows = Customer.objects.order_by().values_list(*map(_raw, names), _untyped(sort_value))
    return list(map(_server, rows))


def read_signals() -> dict[int, Signals]:
    """The signals of each server with a health problem, by the customer's key."""
    names = (
        "pk", "node__health_since_at", "node__cpu_percent", "node__memory_percent", "node__disk_percent",
        "node__temperature_celsius", "event_count__errors",
    )  # fmt: skip
    troubled = Customer.objects.order_by().filter(node__health__in=(Health.WARN, Health.FAIL))
    return {row[0]: Signals._make(row) for row in troubled.values_list(*map(_raw, names))}


def read_towns() -> dict[int, str]:
    """The town of each customer that has one, by the customer's key."""
    return dict(Customer.objects.order_by().exclude(town="").values_list("pk", "town"))


def read_reasons(*, now: datetime) -> dict[int, str]:
    """The reason of each server that has one, by the customer's key."""
    fine = Q(blocked_at__isnull=False) | status_filter(Status.OK, now=now)
    others = Customer.objects.order_by().exclude(pk__in=Customer.objects.filter(fine).order_by().values("pk"))
    rows = others.values_list(
        "pk", "created_at", "node__last_received_at", "node__health", "node__health_messages", "node__monitoring_paused"
    )
    limits = thresholds()
    return {
        pk: verdict_of(
            None if last is None else Heard(last, health, tuple(json.loads(messages)), paused is True),
            created_at=created_at,
            blocked_at=None,
            thresholds=limits,
            now=now,
        ).reason
        for pk, created_at, last, health, messages, paused in rows
    }


# What Server._make does, without its check of the length.
_server: Callable[[Sequence[Any]], Server] = partial(tuple.__new__, Server)


def _untyped(expression: Combinable) -> "ExpressionWrapper[Combinable]":
    """The expression's value as it is stored: without a type there is nothing to convert it to."""
    return ExpressionWrapper(expression, output_field=Field())


def _raw(name: str) -> "ExpressionWrapper[Combinable]":
    return _untyped(F(name))


_SORT_VALUES: dict[Column, Combinable] = {
    # By place, by name and by what lies in `arrivals`: the database can order by none of them.
    Column.STATUS: Value(None),
    Column.CUSTOMER: Value(None),
    Column.REPORTS: Value(None),
    Column.REPORT: F("node__last_received_at"),
    Column.CPU: F("node__cpu_percent"),
    Column.MEMORY: F("node__memory_percent"),
    Column.DISK: F("node__disk_percent"),
    Column.TEMPERATURE: F("node__temperature_celsius"),
    Column.BACKUP: F("node__last_backup_at"),
    Column.CONTROLLER: F("node__controller_version"),
    # An error weighs more than any number of warnings.
    Column.EVENTS: Coalesce(F("event_count__errors"), 0) * 100_000 + Coalesce(F("event_count__warnings"), 0),
}
