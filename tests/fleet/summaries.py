"""Builders for the fleet's tests: a summary and what its node reported, with plain defaults."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from felhom_hub.base.instants import to_milliseconds
from felhom_hub.fleet.order import Signals
from felhom_hub.reports.arrivals import Arrivals, with_arrival
from felhom_hub.reports.status import Heard, Thresholds, verdict_of
from felhom_hub.reports.summary import NodeFacts, Summary

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NOW_MS = to_milliseconds(NOW)
MINUTE_MS = 60_000
STALE_MS, DOWN_MS = 30 * MINUTE_MS, 60 * MINUTE_MS
MONTH = timedelta(days=30)
LIMITS = Thresholds(timedelta(minutes=30), timedelta(minutes=60))


def node(age: timedelta = timedelta(minutes=4), **members: Any) -> NodeFacts:
    """What a healthy node said so long ago, after a month without a gap."""
    at = NOW - age
    plain = NodeFacts(
        first_received_at=NOW - MONTH,
        last_received_at=at,
        arrivals=arrivals_until(at),
        allowance=timedelta(),
        reported_at=at,
        clock_skew_seconds=0.2,
        controller_version="v0.30.0",
        controller_url="https://felhom.kovacs.example.hu",
        monitoring_paused=False,
        health="ok",
        health_since_at=NOW - MONTH,
        health_messages=(),
        cpu_percent=7.5,
        memory_percent=61.2,
        disk_percent=41.0,
        disk_name="hdd1",
        temperature_celsius=48.0,
        uptime_seconds=864000.0,
        last_backup_at=NOW - timedelta(hours=10),
        last_backup_ok=True,
        last_db_dump_at=NOW - timedelta(hours=9),
        last_db_dump_ok=True,
    )
    return replace(plain, **members)


def summary(facts: NodeFacts | None = None, **members: Any) -> Summary:
    """A managed customer with this node; without one it has never reported."""
    created_at, blocked_at = members.get("created_at", NOW - MONTH), members.get("blocked_at")
    heard = None
    if facts is not None:
        heard = Heard(facts.last_received_at, facts.health, facts.health_messages, facts.monitoring_paused is True)
    verdict = verdict_of(heard, created_at=created_at, blocked_at=blocked_at, thresholds=LIMITS, now=NOW)
    plain = Summary(
        pk=1,
        customer_id="kovacs-peter",
        name="Kovács Péter",
        town="Vác",
        domain="kovacs.example.hu",
        is_managed=True,
        created_at=created_at,
        blocked_at=None,
        errors_24h=0,
        warnings_24h=0,
        node=facts,
        verdict=verdict,
    )
    return replace(plain, **members)


def arrivals_until(at: datetime) -> Arrivals:
    """A report every quarter of an hour, the newest at `at`."""
    found = None
    for number in range(110):
        found = with_arrival(found, to_milliseconds(at) - number * 15 * MINUTE_MS)
    assert found is not None
    return found


def signals(pk: int = 1, *, minutes: float | None = 4, **members: Any) -> Signals:
    """What orders a server that reported so many minutes ago; None is "never"."""
    last = None if minutes is None else NOW_MS - round(minutes * MINUTE_MS)
    plain = Signals(
        pk=pk,
        last_received_ms=last,
        allowance_ms=0,
        health="warn",
        cpu_percent=10.0,
        memory_percent=20.0,
        disk_percent=30.0,
        temperature_celsius=40.0,
        errors_24h=None,
        own_thresholds=None,
    )
    return plain._replace(**members)
