"""The overview's list in the plain way: every customer read whole, and all of it decided in Python.

It shares nothing with the overview but the rules of a status, a strip and a meter, each of which has tests of its own.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from felhom_hub.base.folding import folded
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.controllers.releases import offer_now
from felhom_hub.controllers.versions import is_older
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.address import Problem, View
from felhom_hub.fleet.changes import Then
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.links import is_descending
from felhom_hub.fleet.meters import lines_with
from felhom_hub.fleet.order import version_key
from felhom_hub.recovery.models import RecoveryCheck
from felhom_hub.reports.arrivals import missed_last_day, to_bytes
from felhom_hub.reports.config_sync import ConfigSync
from felhom_hub.reports.status import Health, Status
from felhom_hub.reports.summary import NodeFacts, Summary, summaries, thresholds

_PLACES = ("fail", "down", Status.WARN, Status.PENDING, Status.DISABLED, Status.OK)
_Key = Callable[[Summary], Any]


def plain_ids(view: View, now: datetime, then: Then | None) -> list[str]:
    """The ids of all that are found, in their order."""
    listed = [each for each in summaries(Customer.objects.all(), now=now) if each.blocked_at is None]
    return [each.customer_id for each in _sorted(_found(listed, view, now, then), view, now)]


def _found(listed: Iterable[Summary], view: View, now: datetime, then: Then | None) -> list[Summary]:
    wanted = folded(view.text)
    return [
        each
        for each in listed
        if view.status in (None, each.verdict.status)
        and (view.problem is None or _has(view.problem, each, now, then))
        and (wanted in folded(f"{each.name}\n{each.customer_id}\n{each.town}") or wanted in folded(each.verdict.reason))
    ]


def _has(problem: Problem, each: Summary, now: datetime, then: Then | None) -> bool:
    node, status = each.node, each.verdict.status
    if problem is Problem.CHANGED:
        if then is None:
            return False
        down, warned = then.trouble
        return (
            (status is Status.DOWN and each.pk not in down)
            or (status is Status.WARN and each.pk not in down | warned)
            or (status is Status.OK and each.pk in down | warned)
        )
    if problem is Problem.UNRECOVERABLE:
        return RecoveryCheck.objects.filter(customer_id=each.pk, rank=0).exists()
    return node is not None and _node_has(problem, node, now)


def _node_has(problem: Problem, node: NodeFacts, now: datetime) -> bool:
    if problem is Problem.CONFIG:
        return node.config_sync is ConfigSync.MISMATCH
    if problem is Problem.UPDATE:
        return is_older(node.controller_version, offer_now().newest)
    if problem is Problem.SILENT:
        return now - node.last_received_at >= thresholds().stale + node.allowance
    at = node.last_backup_at
    return at is None or node.last_backup_ok is False or now - at > timedelta(hours=26)


def _sorted(found: list[Summary], view: View, now: datetime) -> list[Summary]:
    ordered = sorted(found, key=lambda each: (folded(each.display_name), each.pk))
    column = view.sort
    if column is None:
        return sorted(ordered, key=lambda each: (_place(each), *(-rank for rank in _need(each))))
    is_falling = is_descending(column, is_reversed=view.is_reversed)
    if column is Column.CUSTOMER:
        return ordered[::-1] if is_falling else ordered
    value = _value(column, now)
    known = [each for each in ordered if value(each) is not None]
    known.sort(key=value, reverse=is_falling)
    return known + [each for each in ordered if value(each) is None]


def _config(each: Summary) -> int | None:
    if each.node is None or (each.node.config_sync is ConfigSync.UNKNOWN and not each.is_managed):
        return None
    return {ConfigSync.MISMATCH: 0, ConfigSync.UNKNOWN: 1}.get(each.node.config_sync, 2)


def _place(each: Summary) -> int:
    status = each.verdict.status
    return _PLACES.index(("down" if each.verdict.is_silent else "fail") if status is Status.DOWN else status)


def _need(each: Summary) -> tuple[int, ...]:
    node, status = each.node, each.verdict.status
    if node is None:
        return (to_milliseconds(each.created_at),)
    if status is Status.DOWN:
        at = node.last_received_at if each.verdict.is_silent else node.health_since_at
        return (0 if at is None else to_milliseconds(at),)
    if status is not Status.WARN:
        return (0,)
    is_ill = node.health in (Health.WARN, Health.FAIL)
    critical, high = _tones(each.pk, node) if is_ill else (0, 0)
    return int(each.verdict.is_silent), critical, high, each.errors_24h if is_ill else 0


def _tones(pk: int, node: NodeFacts) -> tuple[int, int]:
    config = CustomerConfig.objects.filter(customer_id=pk).first()
    lines = lines_with(config.thresholds if config else None)
    readings = (
        (node.cpu_percent, lines.cpu),
        (node.memory_percent, lines.memory),
        (node.disk_percent, lines.disk),
        (node.temperature_celsius, lines.temperature),
    )
    tones = [line.tone_of(value) for value, line in readings if value is not None]
    return tones.count("down"), tones.count("warn")


def _value(column: Column, now: datetime) -> _Key:
    def of_node(value: Callable[[NodeFacts], Any]) -> _Key:
        return lambda each: None if each.node is None else value(each.node)

    def version(node: NodeFacts) -> tuple[int, ...] | None:
        return None if node.controller_version is None else version_key(node.controller_version)

    def missed(node: NodeFacts) -> int:
        first, last, at = map(to_milliseconds, (node.first_received_at, node.last_received_at, now))
        allowance = node.allowance // timedelta(milliseconds=1)
        return missed_last_day(
            to_bytes(node.arrivals), first_received_ms=first, last_received_ms=last, now_ms=at, allowance_ms=allowance
        )

    values: dict[Column, _Key] = {
        Column.STATUS: _place,
        Column.REPORTS: of_node(missed),
        Column.REPORT: of_node(lambda node: node.last_received_at),
        Column.CPU: of_node(lambda node: node.cpu_percent),
        Column.MEMORY: of_node(lambda node: node.memory_percent),
        Column.DISK: of_node(lambda node: node.disk_percent),
        Column.TEMPERATURE: of_node(lambda node: node.temperature_celsius),
        Column.BACKUP: of_node(lambda node: node.last_backup_at),
        Column.CONTROLLER: of_node(version),
        Column.CONFIG: _config,
        Column.EVENTS: lambda each: (each.errors_24h, each.warnings_24h),
    }
    return values[column]
