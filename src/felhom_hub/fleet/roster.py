"""Reads the whole fleet with as little of each server as counting, ordering and searching need.

The database counts, and says where each server stands; what it hands over comes as it is stored, since making a time
or a sentence of each would take longer than reading it. The rows that are shown are read again, whole, by
`reports.summary`.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

from django.db.models import BigIntegerField, BinaryField, Count, ExpressionWrapper, F, Field, Func, Q, QuerySet, Value
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Coalesce, Least, NullIf

from felhom_hub.base.db import Row, Statement, statement_of
from felhom_hub.base.instants import from_milliseconds
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.address import Problem
from felhom_hub.fleet.backups import BACKUP_OVERDUE_AFTER
from felhom_hub.fleet.clock import Clock
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.places import BLOCKED, LISTED, OK, STATUSES, place_at, silent_at
from felhom_hub.reports.arrivals import CELL_MS, LAST_HOUR_BYTES, LAST_HOUR_CELLS, missed_last_day
from felhom_hub.reports.status import Heard, verdict_of
from felhom_hub.reports.summary import thresholds

BACKUP_OVERDUE_MS = BACKUP_OVERDUE_AFTER // timedelta(milliseconds=1)


class Server(NamedTuple):
    """One customer; `name` is the id of one without a name.

    The rest is there where somebody has asked for it, else None: whether it has the problem, the text that a search
    looks into, and what the list is sorted by.
    """

    pk: int
    place: int
    name: str
    has_problem: int | bool | None
    text: str | None
    sort_value: Any


class Signals(NamedTuple):
    """What orders the servers within a place that is not ordered by name alone."""

    pk: int
    created_ms: int
    last_received_ms: int | None
    health: str | None
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


class Census(NamedTuple):
    """How many servers stand in each place, and the rhythms of those that have reported and are not blocked."""

    sizes: list[int]
    rhythms: list[Rhythm]


def read_census(clock: Clock) -> Census:
    """All customers, counted."""
    sizes, rhythms = [0 for _ in STATUSES], []
    for place, heard, *rest in _census().rows(_moments(clock)):
        rhythm = Rhythm(bytes(heard or b""), *rest)
        sizes[place] += rhythm.servers
        if rhythm.arrivals and place != BLOCKED:
            rhythms.append(rhythm)
    return Census(sizes, rhythms)


def read_fleet(
    clock: Clock,
    sort: Column | None = None,
    *,
    places: Collection[int] = LISTED,
    also: Collection[int] = (),
    problem: Problem | None = None,
    texts: bool = False,
) -> list[Server]:
    """The servers of these places, in no order, and those with the keys `also`, wherever they stand."""
    asked = (tuple(sorted(places)), sort, problem, texts)
    # With the keys it is another query each time, so there is nothing to keep.
    rows = (statement_of(_fleet_query(*asked, also)) if also else _fleet(*asked)).rows(_moments(clock))
    if sort is Column.REPORTS:
        return [_server((*row[:5], _missed(row[5:], clock.now_ms))) for row in rows]
    return list(map(_server, rows))


def read_signals(clock: Clock, places: Collection[int]) -> dict[int, Signals]:
    """The signals of each server in these places, by the customer's key."""
    return {
        pk: Signals._make((pk, *columns, json.loads(own) if own else None))
        for pk, *columns, own in _signals(tuple(sorted(places))).rows(_moments(clock))
    }


def read_reasons(clock: Clock) -> dict[int, str]:
    """The reason of each listed server that has one, by the customer's key."""
    limits, fresh_ms = thresholds(), clock.now_ms - clock.stale_ms
    reasons = {}
    for pk, created_ms, last_ms, health, messages, paused in _reasons().rows(_moments(clock)):
        if last_ms is not None and last_ms > fresh_ms:
            reasons[pk] = _said(health, messages, bool(paused))
            continue
        created_at = from_milliseconds(created_ms)
        heard = None if last_ms is None else _heard(last_ms, health, messages, bool(paused))
        verdict = verdict_of(heard, created_at=created_at, blocked_at=None, thresholds=limits, now=clock.now)
        reasons[pk] = verdict.reason
    return reasons


# Most servers that have a reason have said it themselves, and say it again in every report.
@lru_cache(maxsize=16_384)
def _said(health: str | None, messages: str, is_paused: bool) -> str:
    """The reason of a server that reports; it does not depend on the time."""
    heard = _heard(0, health, messages, is_paused)
    at = heard.last_received_at
    return verdict_of(heard, created_at=at, blocked_at=None, thresholds=thresholds(), now=at).reason


def _heard(last_ms: int, health: str | None, messages: str, is_paused: bool) -> Heard:
    return Heard(from_milliseconds(last_ms), health, tuple(json.loads(messages)), is_paused)


# The queries are put together once, for a time that never was; `_moments` puts the real one in its place.
_NEVER = Clock(datetime.min.replace(tzinfo=UTC), now_ms=-(10**15), stale_ms=10**12, down_ms=10**13)


def _moments(clock: Clock) -> dict[int, int]:
    """The moments that the queries compare with, in place of those of `_NEVER`."""

    def moments(at: Clock) -> tuple[int, ...]:
        return at.now_ms, at.now_ms - at.stale_ms, at.now_ms - at.down_ms, at.now_ms - BACKUP_OVERDUE_MS

    return dict(zip(moments(_NEVER), moments(clock), strict=True))


@lru_cache(maxsize=1)
def _census() -> Statement:
    age, silence = (
        CombinedExpression(Value(_NEVER.now_ms), "-", _raw(name), output_field=BigIntegerField())
        for name in ("node__first_received_at", "node__last_received_at")
    )
    kinds = (
        _placed()
        .annotate(
            heard=Func("node__arrivals", 1, LAST_HOUR_BYTES, function="SUBSTR", output_field=BinaryField()),
            age=Least(age / CELL_MS, Value(LAST_HOUR_CELLS)),
            silence=Least(silence / CELL_MS, Value(LAST_HOUR_CELLS)),
        )
        .values("place", "heard", "age", "silence")
        .annotate(
            servers=Count("pk"),
            silent=Count("pk", filter=silent_at(_NEVER)),
            without_backup=Count("pk", filter=_without_backup(_NEVER)),
        )
    )
    return statement_of(kinds.values_list("place", "heard", "age", "silence", "servers", "silent", "without_backup"))


def _fleet_query(
    places: tuple[int, ...], sort: Column | None, problem: Problem | None, texts: bool, also: Collection[int] = ()
) -> "QuerySet[Any, Any]":
    # Who is listed at all is told without asking of each where it stands, which is a third of the reading.
    wanted = Q(blocked_at=None) if set(places) >= set(LISTED) else Q(place__in=places)
    has_problem = _PROBLEMS.get(problem) if problem else None
    values = (
        map(_raw, ("node__arrivals", "node__first_received_at", "node__last_received_at"))
        if sort is Column.REPORTS
        else (_NOTHING if sort is None else _untyped(_SORT_VALUES[sort]),)
    )
    return _placed().filter(wanted | Q(pk__in=also) if also else wanted).values_list(
        _raw("pk"), _raw("place"), _NAME,
        ExpressionWrapper(has_problem(_NEVER), output_field=Field()) if has_problem else _NOTHING,
        _TEXT if texts else _NOTHING,
        *values,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _fleet(places: tuple[int, ...], sort: Column | None, problem: Problem | None, texts: bool) -> Statement:
    return statement_of(_fleet_query(places, sort, problem, texts))


@lru_cache(maxsize=64)
def _signals(places: tuple[int, ...]) -> Statement:
    names = (
        "pk", "created_at", "node__last_received_at", "node__health", "node__health_since_at",
        "node__cpu_percent", "node__memory_percent", "node__disk_percent", "node__temperature_celsius",
        "event_count__errors", "config__thresholds",
    )  # fmt: skip
    return statement_of(_placed().filter(place__in=places).values_list(*map(_raw, names)))


@lru_cache(maxsize=1)
def _reasons() -> Statement:
    names = (
        "pk", "created_at", "node__last_received_at", "node__health", "node__health_messages",
        "node__monitoring_paused",
    )  # fmt: skip
    return statement_of(_placed().exclude(place__in=(OK, BLOCKED)).values_list(*map(_raw, names)))


def _placed() -> "QuerySet[Any, Any]":
    return Customer.objects.order_by().annotate(place=place_at(_NEVER))


def _without_backup(clock: Clock) -> Q:
    """True of a customer that reports, but has no good backup from last night, or says nothing of any."""
    overdue = Q(node__last_backup_at__lt=clock.now_ms - BACKUP_OVERDUE_MS)
    return Q(node__isnull=False) & (Q(node__last_backup_at=None) | Q(node__last_backup_ok=False) | overdue)


_PROBLEMS: Final[Mapping[Problem, Callable[[Clock], Q]]] = {
    Problem.SILENT: silent_at,
    Problem.NO_BACKUP: _without_backup,
}


def _missed(columns: Row, now_ms: int) -> int | None:
    """How many of the last 24 hours' reports are missing; None before the first one."""
    arrivals, first_ms, last_ms = columns
    if arrivals is None:
        return None
    return missed_last_day(arrivals, first_received_ms=first_ms, last_received_ms=last_ms, now_ms=now_ms)


# What Server._make does, without its check of the length.
_server: Callable[[Sequence[Any]], Server] = partial(tuple.__new__, Server)


def _untyped(expression: Combinable) -> "ExpressionWrapper[Combinable]":
    """The expression's value as it is stored: without a type there is nothing to convert it to."""
    return ExpressionWrapper(expression, output_field=Field())


def _raw(name: str) -> "ExpressionWrapper[Combinable]":
    return _untyped(F(name))


def _lines(*names: str) -> Iterable[Combinable]:
    """The columns with a line break between each two, as the parts of a text."""
    for number, name in enumerate(names):
        yield from (Value("\n"), F(name)) if number else (F(name),)


_NOTHING = _untyped(Value(None))
_NAME = _untyped(Coalesce(NullIf("name", Value("")), "customer_id"))
_TEXT = _untyped(Func(*_lines("name", "customer_id", "town"), template="%(expressions)s", arg_joiner=" || "))
_SORT_VALUES: dict[Column, Combinable] = {
    # By place and by name: these are there anyway.
    Column.STATUS: Value(None),
    Column.CUSTOMER: Value(None),
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
