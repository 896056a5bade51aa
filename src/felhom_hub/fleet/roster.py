"""Reads the whole fleet with as little of each server as counting, ordering and searching need.

Ten thousand rows pass here on every refresh, so values come as they are stored: making a time or a sentence of each
would take longer than reading them. The rows that are shown are read again, whole, by `reports.summary`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, BinaryField, Count, ExpressionWrapper, F, Field, Func, Q, Value
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Coalesce, Least

from felhom_hub.customers.models import Customer
from felhom_hub.fleet.backups import BACKUP_OVERDUE_AFTER
from felhom_hub.fleet.columns import Column
from felhom_hub.reports.arrivals import CELL_MS, LAST_HOUR_BYTES, LAST_HOUR_CELLS
from felhom_hub.reports.status import Health, Heard, Status, verdict_of
from felhom_hub.reports.summary import status_filter, thresholds

BACKUP_OVERDUE_MS = BACKUP_OVERDUE_AFTER // timedelta(milliseconds=1)
_CHUNK = 20_000  # rows of the fleet that are fetched at a time


class Server(NamedTuple):
    """One customer as it lies in the database: times in milliseconds, None before the first report.

    `sort_value` is the column that a sort asks for, else None; first report, arrivals, backup and town are None as well
    where nobody has asked for them.
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
    town: str | None
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
    own_thresholds: Mapping[str, float] | None  # None or empty: the hub's lines hold


class Rhythm(NamedTuple):
    """Servers whose last hour of reports looks alike: its cells, the ages of the first and last report in cells.

    `servers` of them there are, of which `silent` are silent and `without_backup` have no good one from last night.
    """

    arrivals: bytes
    age: int
    silence: int
    servers: int
    silent: int
    without_backup: int


def read_fleet(sort: Column | None = None, *, backups: bool = False, towns: bool = False) -> list[Server]:
    """Every customer, blocked ones included, in no order; with what a sort by that column needs."""
    arrivals = ("node__first_received_at", "node__arrivals") if sort is Column.REPORTS else (None, None)
    backup = ("node__last_backup_at", "node__last_backup_ok") if backups else (None, None)
    names = (
        "pk", "customer_id", "name", "created_at", "blocked_at", arrivals[0], "node__last_received_at", arrivals[1],
        "node__monitoring_paused", "node__health", *backup, "town" if towns else None,
    )  # fmt: skip
    sort_value = Value(None) if sort is None else _SORT_VALUES[sort]
    rows = Customer.objects.order_by().values_list(*map(_raw, names), _untyped(sort_value))
    return list(map(_server, rows.iterator(chunk_size=_CHUNK)))


def read_rhythms(*, stale_ms: int, now_ms: int) -> list[Rhythm]:
    """All servers that have reported and are not blocked, counted by what their last hour looks like."""
    age, silence, backup_age = (
        CombinedExpression(Value(now_ms), "-", _raw(name), output_field=BigIntegerField())
        for name in ("node__first_received_at", "node__last_received_at", "node__last_backup_at")
    )
    no_backup = Q(node__last_backup_at=None) | Q(node__last_backup_ok=False) | Q(backup_age__gt=BACKUP_OVERDUE_MS)
    kinds = (
        Customer.objects.order_by()
        .filter(blocked_at=None, node__isnull=False)
        .annotate(
            heard=Func("node__arrivals", 1, LAST_HOUR_BYTES, function="SUBSTR", output_field=BinaryField()),
            age=Least(age / CELL_MS, Value(LAST_HOUR_CELLS)),
            silence=Least(silence / CELL_MS, Value(LAST_HOUR_CELLS)),
            silent_ms=silence,
            backup_age=backup_age,
        )
        .values("heard", "age", "silence")
        .annotate(
            servers=Count("pk"),
            silent=Count("pk", filter=Q(silent_ms__gte=stale_ms)),
            without_backup=Count("pk", filter=no_backup),
        )
    )
    columns = ("heard", "age", "silence", "servers", "silent", "without_backup")
    return [Rhythm(bytes(heard), *rest) for heard, *rest in kinds.values_list(*columns)]


def read_signals(healths: Iterable[Health]) -> dict[int, Signals]:
    """The signals of each server whose health is one of these, by the customer's key."""
    names = (
        "pk", "node__health_since_at", "node__cpu_percent", "node__memory_percent", "node__disk_percent",
        "node__temperature_celsius", "event_count__errors",
    )  # fmt: skip
    troubled = Customer.objects.order_by().filter(node__health__in=list(healths))
    return {row[0]: Signals._make(row) for row in troubled.values_list(*map(_raw, names), F("config__thresholds"))}


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


def _raw(name: str | None) -> "ExpressionWrapper[Combinable]":
    return _untyped(Value(None) if name is None else F(name))


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
