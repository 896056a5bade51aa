"""Where each server stands in the list: the order of need, or a column's. Asks no database."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.links import is_descending
from felhom_hub.fleet.meters import lines_with
from felhom_hub.fleet.roster import Server, Signals
from felhom_hub.reports.arrivals import missed_last_day
from felhom_hub.reports.queries import folded
from felhom_hub.reports.status import Health, Status, status_of

# The places in the order of need (design language, section 5). Plain numbers: of an enum's members, ten thousand
# take longer to compare than to read.
DOWN_BY_HEALTH: Final = 0
DOWN_BY_SILENCE: Final = 1
WARN: Final = 2
PENDING: Final = 3
DISABLED: Final = 4
OK: Final = 5
BLOCKED: Final = 6

STATUSES = (Status.DOWN, Status.DOWN, Status.WARN, Status.PENDING, Status.DISABLED, Status.OK, Status.BLOCKED)
_PLACES = {status: place for place, status in enumerate(STATUSES)}  # of DOWN the later one, by silence

# Silence comes before any reading, since it is about to become DOWN; a critical reading before several high ones.
_SILENT, _CRITICAL, _HIGH = 1_000, 10, 1
_WEIGHTS = {"down": _CRITICAL, "warn": _HIGH, "": 0}

_FINE = (Health.OK.value, None)
_NUMBER = re.compile(r"\d+")

# Folding ten thousand names takes 30 ms, looking them up 1 ms.
sort_name = lru_cache(maxsize=32_768)(folded)

Buckets = list[list[Server]]


def in_places(servers: Iterable[Server], *, stale_ms: int, down_ms: int, now_ms: int) -> Buckets:
    """The servers of each place, in no order within it."""
    buckets: Buckets = [[] for _ in STATUSES]
    well = buckets[OK]
    for server in servers:
        last = server.last_received_ms
        silence = None if last is None else now_ms - last
        # Nearly all are well, and `status_of` would take longer to say so than all the rest of this.
        if (
            silence is not None
            and silence < stale_ms
            and server.blocked_ms is None
            and not server.is_paused
            and server.health in _FINE
        ):
            well.append(server)
            continue
        status = status_of(
            silence,
            server.health,
            is_blocked=server.blocked_ms is not None,
            is_paused=bool(server.is_paused),
            stale=stale_ms,
            down=down_ms,
        )
        place = _PLACES[status]
        if place == DOWN_BY_SILENCE and silence is not None and silence <= down_ms:
            place = DOWN_BY_HEALTH
        buckets[place].append(server)
    return buckets


def by_need(servers: list[Server], place: int, signals: Mapping[int, Signals], *, stale_ms: int, now_ms: int) -> None:
    """Sorts the servers of one place by name, but DOWN and PENDING newest first, WARN hardest signal first."""
    by_name(servers)
    if place == DOWN_BY_HEALTH:
        servers.sort(key=lambda server: _since(signals.get(server.pk)), reverse=True)
    elif place == DOWN_BY_SILENCE:
        servers.sort(key=lambda server: server.last_received_ms or 0, reverse=True)
    elif place == PENDING:
        servers.sort(key=lambda server: server.created_ms, reverse=True)
    elif place == WARN:

        def urgency(server: Server) -> tuple[int, int]:
            known = signals.get(server.pk)
            is_silent = now_ms - (server.last_received_ms or 0) >= stale_ms
            return hardness_of(known) + (_SILENT if is_silent else 0), (known.errors_24h or 0) if known else 0

        servers.sort(key=urgency, reverse=True)


def hardness_of(signals: Signals | None) -> int:
    """How many readings are critical by the customer's lines, then how many high."""
    if signals is None:
        return 0
    lines = lines_with(signals.own_thresholds)
    readings = (
        (signals.cpu_percent, lines.cpu),
        (signals.memory_percent, lines.memory),
        (signals.disk_percent, lines.disk),
        (signals.temperature_celsius, lines.temperature),
    )
    return sum(_WEIGHTS[line.tone_of(value)] for value, line in readings if value is not None)


def by_column(found: Buckets, column: Column, *, is_reversed: bool, now_ms: int) -> list[Server]:
    """The servers of all places sorted by a column, its telling end first; what is not reported comes last."""
    is_falling = is_descending(column, is_reversed=is_reversed)
    if column is Column.STATUS:
        return [server for bucket in (found[::-1] if is_falling else found) for server in by_name(bucket)]
    ordered = by_name([server for bucket in found for server in bucket])
    if column is Column.CUSTOMER:
        return ordered[::-1] if is_falling else ordered
    value_of = _value_of(column, now_ms)
    known = [(value, server) for server in ordered if (value := value_of(server)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=is_falling)
    return [server for _, server in known] + [server for server in ordered if value_of(server) is None]


def _value_of(column: Column, now_ms: int) -> Callable[[Server], Any]:
    """What a column sorts by; None is "not reported"."""
    if column is Column.CONTROLLER:
        return lambda server: None if server.sort_value is None else version_key(server.sort_value)
    if column is Column.REPORTS:
        return lambda server: missed_reports(server, now_ms=now_ms)
    return lambda server: server.sort_value


def missed_reports(server: Server, *, now_ms: int) -> int | None:
    """How many of the last 24 hours' reports are missing; None before the first one."""
    first, last, arrivals = server.first_received_ms, server.last_received_ms, server.arrivals
    if first is None or last is None or arrivals is None:
        return None
    return missed_last_day(arrivals, first_received_ms=first, last_received_ms=last, now_ms=now_ms)


def by_name(servers: list[Server]) -> list[Server]:
    """The same list, sorted by name without regard to case and accents."""
    servers.sort(key=lambda server: sort_name(server.name or server.customer_id))
    return servers


def version_key(version: str) -> tuple[int, ...]:
    """Orders versions by their numbers: v0.9.1 before v0.30.0."""
    return tuple(int(number[:9]) for number in _NUMBER.findall(version)[:4])


def _since(signals: Signals | None) -> int:
    return (signals.health_since_ms or 0) if signals else 0
