"""Summaries: what the fleet's lists and the read API show of each customer, one row each.

Everything comes from NodeState and the maintained counts, so the cost does not depend on how many reports are stored.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.db.models import Q, QuerySet

from felhom_hub.base.db import Db, Row
from felhom_hub.base.instants import from_milliseconds
from felhom_hub.customers.identity import CUSTOMER_ID
from felhom_hub.customers.models import Customer
from felhom_hub.events.models import EventCount
from felhom_hub.reports.allowance import not_silent_before, silent_before, silent_since
from felhom_hub.reports.arrivals import Arrivals, from_bytes
from felhom_hub.reports.config_sync import ConfigSync, config_sync
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.status import Health, Heard, Status, Thresholds, Verdict, verdict_of

# Read table by table, with statements that are built once: one query of Django's over all three takes twice as long for
# a page, half of it building the statement and turning each value by itself.
_CUSTOMER = ("pk", "customer_id", "name", "town", "domain", "is_managed", "created_at", "blocked_at")
_COUNTS = ("customer_id", "errors", "warnings")
_NODE = (
    "customer_id", "arrivals", "arrivals_cell", "allowance_ms", "health_messages", "first_received_at",
    "last_received_at",
    "reported_at", "health_since_at", "last_backup_at", "last_db_dump_at", "monitoring_paused", "last_backup_ok",
    "last_db_dump_ok", "clock_skew_seconds", "controller_version", "controller_url", "health", "cpu_percent",
    "memory_percent", "disk_percent", "disk_name", "temperature_celsius", "uptime_seconds", "config_hash",
    "expected_hash", "same_hash",
)  # fmt: skip
_NO_EVENTS = (0, 0)
_NO_ALLOWANCE = timedelta()
_read_messages = msgspec.json.Decoder(tuple[str, ...]).decode


# Structs rather than dataclasses: each row makes one of either, and these are made in a quarter of the time.
class NodeFacts(msgspec.Struct, frozen=True):
    """The newest that a node reported; None is "not reported"."""

    arrivals: Arrivals
    allowance: timedelta  # its reports may come so much later than the fleet's
    health_messages: tuple[str, ...]
    first_received_at: datetime
    last_received_at: datetime
    reported_at: datetime | None
    health_since_at: datetime | None
    last_backup_at: datetime | None
    last_db_dump_at: datetime | None
    monitoring_paused: bool | None
    last_backup_ok: bool | None
    last_db_dump_ok: bool | None
    clock_skew_seconds: float | None
    controller_version: str | None
    controller_url: str | None
    health: str | None
    cpu_percent: float | None
    memory_percent: float | None
    disk_percent: float | None
    disk_name: str | None
    temperature_celsius: float | None
    uptime_seconds: float | None
    config_sync: ConfigSync = ConfigSync.UNKNOWN


class Summary(msgspec.Struct, frozen=True):
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
    """A summary for each of `customers`, in the query's order, with three queries."""
    limits = thresholds()
    rows = list(customers.values_list(*_CUSTOMER))
    db, pks = Db(), [pk for pk, *_ in rows]
    nodes = {row[0]: row[1:] for row in db.select(NodeState, _NODE, key="customer_id", values=pks)}
    counts = {row[0]: row[1:] for row in db.select(EventCount, _COUNTS, key="customer_id", values=pks)}
    for row in rows:
        yield _summary(row, nodes.get(row[0]), counts.get(row[0], _NO_EVENTS), limits, now)


def status_filter(status: Status, *, now: datetime) -> Q:
    """The customers that have `status` at `now`, as a condition on the database; `verdict_of` decides the same."""
    limits = thresholds()
    stale, down = now - limits.stale, now - limits.down
    blocked, pending = Q(blocked_at__isnull=False), Q(node__isnull=True)
    if status is Status.BLOCKED:
        return blocked
    if status is Status.PENDING:
        return ~blocked & pending
    silent_down, silent = silent_before(down), silent_since(stale)
    paused = Q(node__monitoring_paused=True)
    fails, warns = Q(node__health=Health.FAIL), Q(node__health=Health.WARN)
    fresh = ~silent
    reporting = ~blocked & ~pending
    if status is Status.DOWN:
        return reporting & (silent_down | (fresh & _not(paused) & fails))
    if status is Status.WARN:
        return reporting & ((silent & not_silent_before(down)) | (fresh & _not(paused) & warns))
    if status is Status.DISABLED:
        return reporting & fresh & paused
    return reporting & fresh & _not(paused) & (Q(node__health__isnull=True) | Q(node__health=Health.OK))


def _not(paused: Q) -> Q:
    return Q(node__monitoring_paused__isnull=True) | ~paused


def _summary(customer: tuple[Any, ...], columns: Row | None, events: Row, limits: Thresholds, now: datetime) -> Summary:
    node = heard = None
    if columns is not None:
        node = _node_facts(*columns)
        if node.allowance:
            limits = limits.later_by(node.allowance)
        heard = Heard(node.last_received_at, node.health, node.health_messages, node.monitoring_paused is True)
    *_, created_at, blocked_at = customer
    verdict = verdict_of(heard, created_at=created_at, blocked_at=blocked_at, thresholds=limits, now=now)
    return Summary(*(*customer, *events, node, verdict))


def _node_facts(arrivals: bytes, cell: int, allowance: int, messages: str, *columns: Any) -> NodeFacts:
    first, last, reported, health_since, backup, db_dump, paused, backup_ok, db_dump_ok, *rest = columns[:-3]
    rest.append(config_sync(*columns[-3:]))
    return NodeFacts(
        from_bytes(bytes(arrivals), cell),
        timedelta(milliseconds=allowance) if allowance else _NO_ALLOWANCE,
        _read_messages(messages) if messages != "[]" else (),
        from_milliseconds(first),
        from_milliseconds(last),
        None if reported is None else from_milliseconds(reported),
        None if health_since is None else from_milliseconds(health_since),
        None if backup is None else from_milliseconds(backup),
        None if db_dump is None else from_milliseconds(db_dump),
        # SQLite keeps 0 and 1.
        None if paused is None else bool(paused),
        None if backup_ok is None else bool(backup_ok),
        None if db_dump_ok is None else bool(db_dump_ok),
        *rest,
    )
