"""Summaries: what the fleet's lists and the read API show of each customer, one row each.

Everything comes from NodeState and the maintained counts, so the cost does not depend on how many reports are stored.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from felhom_hub.customers.identity import CUSTOMER_ID
from felhom_hub.customers.models import Customer
from felhom_hub.reports.arrivals import Arrivals, from_bytes
from felhom_hub.reports.status import Health, Heard, Status, Thresholds, Verdict, verdict_of

# Read as they lie in the database: turning ten thousand rows into model objects takes longer than reading them.
_COLUMNS = (
    "pk", "customer_id", "name", "town", "domain", "is_managed", "created_at", "blocked_at",
    "event_count__errors", "event_count__warnings",
    "node__first_received_at", "node__last_received_at", "node__arrivals", "node__arrivals_cell", "node__reported_at",
    "node__clock_skew_seconds", "node__controller_version", "node__controller_url", "node__monitoring_paused",
    "node__health", "node__health_since_at", "node__health_messages", "node__cpu_percent", "node__memory_percent",
    "node__disk_percent", "node__disk_name", "node__temperature_celsius", "node__uptime_seconds",
    "node__last_backup_at", "node__last_backup_ok", "node__last_db_dump_at", "node__last_db_dump_ok",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """The newest that a node reported; None is "not reported"."""

    first_received_at: datetime
    last_received_at: datetime
    arrivals: Arrivals
    reported_at: datetime | None
    clock_skew_seconds: float | None
    controller_version: str | None
    controller_url: str | None
    monitoring_paused: bool | None
    health: str | None
    health_since_at: datetime | None
    health_messages: tuple[str, ...]
    cpu_percent: float | None
    memory_percent: float | None
    disk_percent: float | None
    disk_name: str | None
    temperature_celsius: float | None
    uptime_seconds: float | None
    last_backup_at: datetime | None
    last_backup_ok: bool | None
    last_db_dump_at: datetime | None
    last_db_dump_ok: bool | None


@dataclass(frozen=True, slots=True)
class Summary:
    """One customer with its status at the time of reading; `node` is None before the first report."""

    pk: int
    customer_id: str
    name: str
    town: str
    domain: str
    is_managed: bool
    created_at: datetime
    blocked_at: datetime | None
    errors_24h: int
    warnings_24h: int
    node: NodeFacts | None
    verdict: Verdict

    @property
    def display_name(self) -> str:
        """The customer's name, or its id where it has none."""
        return self.name or self.customer_id


def thresholds() -> Thresholds:
    """The configured spans of silence."""
    return Thresholds(stale=settings.HUB.alerting.stale_threshold, down=settings.HUB.alerting.down_threshold)


def summary_of(customer_id: str, *, now: datetime) -> Summary | None:
    """The summary of one customer, or None when there is no such customer."""
    if not CUSTOMER_ID.fullmatch(customer_id):  # PostgreSQL fails at a NUL where SQLite finds nothing
        return None
    return next(summaries(Customer.objects.filter(customer_id=customer_id), now=now), None)


def summaries(customers: QuerySet[Customer], *, now: datetime) -> Iterator[Summary]:
    """A summary for each of `customers`, in the query's order, with one query."""
    limits = thresholds()
    rows: Iterable[Sequence[Any]] = customers.values_list(*_COLUMNS)
    for row in rows:
        yield _summary(row, limits, now)


def status_filter(status: Status, *, now: datetime) -> Q:
    """The customers that have `status` at `now`, as a condition on the database; `verdict_of` decides the same."""
    limits = thresholds()
    stale, down = now - limits.stale, now - limits.down
    blocked, pending = Q(blocked_at__isnull=False), Q(node__isnull=True)
    if status is Status.BLOCKED:
        return blocked
    if status is Status.PENDING:
        return ~blocked & pending
    silent_down, silent = Q(node__last_received_at__lt=down), Q(node__last_received_at__lte=stale)
    paused = Q(node__monitoring_paused=True)
    fails, warns = Q(node__health=Health.FAIL), Q(node__health=Health.WARN)
    fresh = Q(node__last_received_at__gt=stale)
    reporting = ~blocked & ~pending
    if status is Status.DOWN:
        return reporting & (silent_down | (fresh & _not(paused) & fails))
    if status is Status.WARN:
        return reporting & ((silent & Q(node__last_received_at__gte=down)) | (fresh & _not(paused) & warns))
    if status is Status.DISABLED:
        return reporting & fresh & paused
    return reporting & fresh & _not(paused) & (Q(node__health__isnull=True) | Q(node__health=Health.OK))


def _not(paused: Q) -> Q:
    return Q(node__monitoring_paused__isnull=True) | ~paused


def _summary(row: Sequence[Any], limits: Thresholds, now: datetime) -> Summary:
    pk, customer_id, name, town, domain, is_managed, created_at, blocked_at, errors, warnings = row[:10]
    node = _node_facts(row[10:])
    heard = None
    if node is not None:
        heard = Heard(node.last_received_at, node.health, node.health_messages, node.monitoring_paused is True)
    verdict = verdict_of(heard, created_at=created_at, blocked_at=blocked_at, thresholds=limits, now=now)
    return Summary(
        pk,
        customer_id,
        name,
        town,
        domain,
        is_managed,
        created_at,
        blocked_at,
        errors or 0,
        warnings or 0,
        node,
        verdict,
    )


def _node_facts(row: Sequence[Any]) -> NodeFacts | None:
    if row[0] is None:
        return None
    first, last, arrivals, cell, *middle = row
    messages = 7  # its place among what follows the arrivals
    middle[messages] = tuple(json.loads(middle[messages])) if middle[messages] != "[]" else ()
    return NodeFacts(first, last, from_bytes(bytes(arrivals), cell), *middle)
