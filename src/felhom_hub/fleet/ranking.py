"""In which order servers are listed: the order of need, or a column's. The database sorts, and hands over one page.

Only how hard the signals of the warned are, which version is newer and how many reports are missing is Python's to say.
"""

import json
from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, Field, OrderBy, Value, When
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Coalesce

from felhom_hub.base.statements import Among, Statement, keys_text, statement_of
from felhom_hub.customers.finding import BY_NAME
from felhom_hub.fleet.clock import Clock
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.links import is_descending
from felhom_hub.fleet.order import Signals, by_urgency, by_value, version_key
from felhom_hub.fleet.places import DOWN_BY_HEALTH, DOWN_BY_SILENCE, PENDING, WARN, place_at
from felhom_hub.fleet.roster import NEVER, Places, config_differs, config_known, everybody, moments
from felhom_hub.reports.arrivals import missed_last_day

_ASKED: Final = "[-1]"  # stands for the keys of the servers that are asked for
_REPORTS: Final = ("node__arrivals", "node__first_received_at", "node__last_received_at", "node__allowance_ms")
_BY_NAME: Final = (OrderBy(BY_NAME), "pk")


def by_need(found: Places, reached: Mapping[int, slice], clock: Clock) -> dict[int, list[int]]:
    """The reached parts of these places: DOWN and PENDING newest first, WARN hardest signal first, the rest by name."""
    shown: dict[int, list[int]] = {place: [] for place in reached}
    if WARN in reached:
        signals = read_signals(found[WARN])
        shown[WARN] = by_urgency(signals, stale_ms=clock.stale_ms, now_ms=clock.now_ms)[reached[WARN]]
    places = tuple(place for place in reached if place != WARN)
    if places:
        # One behind the other they are one list, whose shown part begins in the first of them.
        start = reached[places[0]].start
        count = sum(len(found[place][reached[place]]) for place in places)
        asked = keys_text([pk for place in places for pk in found[place]])
        for pk, place in _needy(places, start, count).rows({**moments(clock), _ASKED: asked}):
            shown[place].append(pk)
    return shown


def by_column(found: Places | None, column: Column, *, is_reversed: bool, part: slice, clock: Clock) -> list[int]:
    """A part of these servers sorted by a column, its telling end first; what is not reported comes last.

    Equal ones stand by name. None is everybody who is listed.
    """
    is_falling = is_descending(column, is_reversed=is_reversed)
    values = {**moments(clock), _ASKED: keys_text(list(chain.from_iterable(found or [])))}
    is_everybody = found is None
    if column is Column.CONTROLLER:
        rows = _with(("node__controller_version",), is_everybody).rows(values)
        versions = [(pk, None if version is None else version_key(version)) for pk, version in rows]
        return by_value(versions, is_falling=is_falling)[part]
    if column is Column.REPORTS:
        rows = _with(_REPORTS, is_everybody).rows(values)
        missed = [(pk, _missed(*columns, now_ms=clock.now_ms)) for pk, *columns in rows]
        return by_value(missed, is_falling=is_falling)[part]
    statement = _sorted(column, is_falling, is_everybody, part.start, part.stop)
    return [pk for (pk,) in statement.rows(values)]


def read_signals(pks: Collection[int]) -> list[Signals]:
    """The signals of each of these servers, by name."""
    rows = _signals().rows({_ASKED: keys_text(pks)})
    return [Signals._make((*columns, json.loads(own) if own else None)) for *columns, own in rows]


def raw(name: str) -> "ExpressionWrapper[Combinable]":
    """A column as it is stored: without a type there is nothing to convert it to."""
    return ExpressionWrapper(F(name), output_field=Field())


def _missed(arrivals: bytes | None, first_ms: int, last_ms: int, allowance_ms: int, *, now_ms: int) -> int | None:
    """How many of the last 24 hours' reports are missing; None before the first one."""
    if arrivals is None:
        return None
    return missed_last_day(
        arrivals, first_received_ms=first_ms, last_received_ms=last_ms, now_ms=now_ms, allowance_ms=allowance_ms
    )


_NEEDS: Final[Mapping[int, Expression | F]] = {
    DOWN_BY_HEALTH: Coalesce("node__health_since_at", 0, output_field=BigIntegerField()),
    DOWN_BY_SILENCE: F("node__last_received_at"),
    PENDING: F("created_at"),
}


@lru_cache(maxsize=256)
def _needy(places: tuple[int, ...], start: int, count: int) -> Statement:
    place = place_at(NEVER) if len(places) > 1 else Value(places[0])
    needs = [When(place=each, then=_NEEDS[each]) for each in places if each in _NEEDS]
    order = [OrderBy(Case(*needs, default=Value(0), output_field=BigIntegerField()), descending=True)] if needs else []
    servers = everybody().filter(Among("pk", _ASKED)).annotate(place=place)
    ordered = servers.order_by("place", *order, *_BY_NAME).values_list("pk", "place")
    return statement_of(ordered[start : start + count])


_VALUES: Final[Mapping[Column, Expression | F]] = {
    Column.REPORT: F("node__last_received_at"),
    Column.CPU: F("node__cpu_percent"),
    Column.MEMORY: F("node__memory_percent"),
    Column.DISK: F("node__disk_percent"),
    Column.TEMPERATURE: F("node__temperature_celsius"),
    Column.BACKUP: F("node__last_backup_at"),
    # What differs is looked for, then what nobody knows; who has no configuration at the hub has nothing to compare.
    Column.CONFIG: Case(
        When(config_differs(), then=Value(0)),
        When(config_known(), then=Value(2)),
        When(is_managed=True, node__isnull=False, then=Value(1)),
        output_field=BigIntegerField(),
    ),
    # An error weighs more than any number of warnings.
    Column.EVENTS: Coalesce(F("event_count__errors"), 0) * 100_000 + Coalesce(F("event_count__warnings"), 0),
}


@lru_cache(maxsize=256)
def _sorted(column: Column, is_falling: bool, is_everybody: bool, start: int, stop: int) -> Statement:
    if column is Column.CUSTOMER:
        order: list[Any] = [OrderBy(BY_NAME, descending=is_falling), "-pk" if is_falling else "pk"]
    else:
        value = place_at(NEVER) if column is Column.STATUS else _VALUES[column]
        order = [OrderBy(value, descending=is_falling, nulls_last=True), *_BY_NAME]
    return statement_of(_asked(is_everybody).order_by(*order).values_list("pk")[start:stop])


@lru_cache(maxsize=8)
def _with(names: tuple[str, ...], is_everybody: bool) -> Statement:
    return statement_of(_asked(is_everybody).order_by(*_BY_NAME).values_list("pk", *map(raw, names)))


@lru_cache(maxsize=1)
def _signals() -> Statement:
    names = (
        "pk", "node__last_received_at", "node__allowance_ms", "node__health", "node__cpu_percent",
        "node__memory_percent", "node__disk_percent", "node__temperature_celsius", "event_count__errors",
        "config__thresholds",
    )  # fmt: skip
    return statement_of(everybody().filter(Among("pk", _ASKED)).order_by(*_BY_NAME).values_list(*map(raw, names)))


def _asked(is_everybody: bool) -> Any:
    return everybody().filter(blocked_at=None) if is_everybody else everybody().filter(Among("pk", _ASKED))
