"""Where each server stands in the list: the order of need, or a column's. Asks no database."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from felhom_hub.base.folding import folded
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.links import is_descending
from felhom_hub.fleet.meters import lines_with
from felhom_hub.fleet.places import DOWN_BY_HEALTH, DOWN_BY_SILENCE, PENDING, STATUSES, WARN
from felhom_hub.fleet.roster import Server, Signals
from felhom_hub.reports.status import Health

ORDERED_BY_SIGNALS = (DOWN_BY_HEALTH, DOWN_BY_SILENCE, WARN, PENDING)  # the other places by name alone

# Silence comes before any reading, since it is about to become DOWN; a critical reading before several high ones.
_SILENT, _CRITICAL, _HIGH = 1_000, 10, 1
_WEIGHTS = {"down": _CRITICAL, "warn": _HIGH, "": 0}

_ILL = (Health.WARN.value, Health.FAIL.value)
_NUMBER = re.compile(r"\d+")

# Folding ten thousand names takes 30 ms, looking them up 1 ms.
sort_name = lru_cache(maxsize=32_768)(folded)

Buckets = list[list[Server]]


def in_places(servers: Iterable[Server]) -> Buckets:
    """The servers of each place, in no order within it."""
    buckets: Buckets = [[] for _ in STATUSES]
    for server in servers:
        buckets[server.place].append(server)
    return buckets


def by_need(servers: list[Server], place: int, signals: Mapping[int, Signals], *, stale_ms: int, now_ms: int) -> None:
    """Sorts the servers of one place by name, but DOWN and PENDING newest first, WARN hardest signal first."""
    by_name(servers)
    if place == DOWN_BY_HEALTH:
        servers.sort(key=_newest(signals, lambda known: known.health_since_ms), reverse=True)
    elif place == DOWN_BY_SILENCE:
        servers.sort(key=_newest(signals, lambda known: known.last_received_ms), reverse=True)
    elif place == PENDING:
        servers.sort(key=_newest(signals, lambda known: known.created_ms), reverse=True)
    elif place == WARN:

        def urgency(server: Server) -> tuple[int, int]:
            known = signals.get(server.pk)
            if known is None:
                return 0, 0
            silence = _SILENT if now_ms - (known.last_received_ms or 0) >= stale_ms else 0
            # One that was well when it was last heard of has nothing to it but its silence.
            is_ill = known.health in _ILL
            return silence + (hardness_of(known) if is_ill else 0), (known.errors_24h or 0) if is_ill else 0

        servers.sort(key=urgency, reverse=True)


def hardness_of(signals: Signals) -> int:
    """How many readings are critical by the customer's lines, then how many high."""
    lines = lines_with(signals.own_thresholds)
    readings = (
        (signals.cpu_percent, lines.cpu),
        (signals.memory_percent, lines.memory),
        (signals.disk_percent, lines.disk),
        (signals.temperature_celsius, lines.temperature),
    )
    return sum(_WEIGHTS[line.tone_of(value)] for value, line in readings if value is not None)


def by_column(found: Buckets, column: Column, *, is_reversed: bool) -> list[Server]:
    """The servers of all places sorted by a column, its telling end first; what is not reported comes last."""
    is_falling = is_descending(column, is_reversed=is_reversed)
    if column is Column.STATUS:
        return [server for bucket in (found[::-1] if is_falling else found) for server in by_name(bucket)]
    ordered = by_name([server for bucket in found for server in bucket])
    if column is Column.CUSTOMER:
        return ordered[::-1] if is_falling else ordered
    known = [server for server in ordered if server.sort_value is not None]
    known.sort(key=_value_of(column), reverse=is_falling)
    return known + [server for server in ordered if server.sort_value is None]


def _value_of(column: Column) -> Callable[[Server], Any]:
    """What a column sorts by, of a server that has it."""
    if column is Column.CONTROLLER:
        return lambda server: version_key(server.sort_value)
    return lambda server: server.sort_value


def by_name(servers: list[Server]) -> list[Server]:
    """The same list, sorted by name without regard to case and accents."""
    servers.sort(key=lambda server: sort_name(server.name))
    return servers


def version_key(version: str) -> tuple[int, ...]:
    """Orders versions by their numbers: v0.9.1 before v0.30.0."""
    return tuple(int(number[:9]) for number in _NUMBER.findall(version)[:4])


def _newest(signals: Mapping[int, Signals], time_of: Callable[[Signals], int | None]) -> Callable[[Server], int]:
    """A key by a time; one that is not known counts as the oldest."""

    def key(server: Server) -> int:
        known = signals.get(server.pk)
        return (known and time_of(known)) or 0

    return key
