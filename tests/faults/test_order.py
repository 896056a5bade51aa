"""Reports that come twice, late or out of order leave the state that their history gives when it is sorted.

A receive time belongs to its arrival, so the history is made of what arrived: of each body the first arrival. The
hub gets the arrivals as they come, in batches; what they leave must be what their history leaves, one by one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import models, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.build import app_entry, incoming, record

from felhom_hub.base.instants import rfc3339
from felhom_hub.base.pace import AT_ONCE
from felhom_hub.reports.models import NodeState, Report
from felhom_hub.reports.state import Incoming
from felhom_hub.telemetry.models import LogIssue, TelemetryHour
from felhom_hub.telemetry.pack import unpack_hour
from felhom_hub.telemetry.unread import read_unread

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTES = st.integers(0, 200).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
# A box without a clock of its own, one that is ahead, and the time that a report is under way.
SKEWS = st.sampled_from([timedelta(0), timedelta(seconds=-2), timedelta(minutes=20), timedelta(days=-9000)])
OFTEN_NONE = st.none() | st.integers(0, 3)

ISSUES = st.fixed_dictionaries(
    {
        "fingerprint": st.sampled_from(["one", "two"]),
        "message": st.sampled_from(["disk", "timeout"]),
        "severity": st.sampled_from(["error", "warning"]),
        "count": st.integers(1, 3),
        "first_seen": st.none() | MINUTES.map(rfc3339),
        "last_seen": st.none() | MINUTES.map(rfc3339),
    }
)
APPS = st.fixed_dictionaries(
    {
        "app_name": st.sampled_from(["immich", "paperless"]),
        "display_name": st.sampled_from(["Immich", "Fotók"]),
        "memory_avg_mb": OFTEN_NONE,
        "memory_peak_mb": OFTEN_NONE,
        "cpu_avg_percent": OFTEN_NONE,
        "catalog_memory_request_mb": OFTEN_NONE,
        "catalog_memory_limit_mb": OFTEN_NONE,
        "log_errors_24h": OFTEN_NONE,
        "log_warnings_24h": OFTEN_NONE,
        "top_issues": st.lists(ISSUES, max_size=2),
    }
).map(lambda members: app_entry(**members))
BODIES = st.fixed_dictionaries(
    {
        "customer_id": st.sampled_from(["kovacs", "nagy"]),
        "timestamp": st.none() | st.tuples(MINUTES, SKEWS).map(lambda pair: rfc3339(pair[0] + pair[1])),
        "health": st.sampled_from(["ok", "warn", None]),
        "controller_version": st.sampled_from(["v1", "v2"]),
        "app_telemetry": st.lists(APPS, max_size=2),
    }
)


@st.composite
def arrivals(draw: st.DrawFn) -> list[list[Incoming]]:
    """Batches of reports; some bodies come more than once."""
    bodies = draw(st.lists(BODIES, min_size=1, max_size=6))
    times = st.tuples(st.sampled_from(bodies), MINUTES)
    reports = [incoming(received_at=at, **body) for body, at in draw(st.lists(times, min_size=1, max_size=12))]
    cuts = sorted(draw(st.sets(st.integers(1, 12), max_size=4)))
    return [batch for begin, end in zip([0, *cuts], [*cuts, 12], strict=True) if (batch := reports[begin:end])]


@given(arrivals())
def test_arrivals_in_any_order_leave_what_their_sorted_history_leaves(batches: list[list[Incoming]]) -> None:
    history = sorted(first_arrivals([report for batch in batches for report in batch]), key=place)

    assert what_is_left(batches) == what_is_left([[report] for report in history])


def first_arrivals(reports: Sequence[Incoming]) -> list[Incoming]:
    """Without what was there before; a report without a time cannot be recognised again."""
    seen = set()
    first = []
    for report in reports:
        identity = (report.facts.customer_id, report.facts.reported_at, report.digest)
        if report.facts.reported_at is None or identity not in seen:
            first.append(report)
        seen.add(identity)
    return first


def place(report: Incoming) -> tuple[int, int]:
    return report.position_ms, report.digest


def what_is_left(batches: Sequence[Sequence[Incoming]]) -> dict[str, Any]:
    """All that is stored once the batches are, by names instead of keys; the database is as before."""
    with transaction.atomic():
        for batch in batches:
            record(batch)
        read_unread(10_000, AT_ONCE)
        left = {
            "states": rows(NodeState),
            "reports": rows(Report),
            "issues": rows(LogIssue),
            "hours": sorted(
                (customer_id, hour, packed_apps(bytes(packed)))
                for customer_id, hour, packed in TelemetryHour.objects.values_list(
                    "customer__customer_id", "hour", "packed"
                )
            ),
        }
        transaction.set_rollback(True)
    return left


def rows(model: type[models.Model]) -> list[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in ("id", "customer_id")]
    found = model._default_manager.values_list("customer__customer_id", *names)
    return sorted(
        (tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in found), key=repr
    )


def packed_apps(packed: bytes) -> str:
    """The apps of an hour; neither their order nor that of their values means anything."""
    apps = sorted(unpack_hour(packed).apps, key=lambda app: app.app_name)
    for app in apps:
        app.memory.sort()
        app.cpu.sort()
    return repr(apps)


def test_repeated_report_of_a_box_whose_clock_is_far_behind_changes_nothing() -> None:
    report: dict[str, Any] = {"customer_id": "kovacs", "timestamp": "1970-01-01T00:05:00Z"}
    once = incoming(received_at=BEGIN, **report)
    again = incoming(received_at=BEGIN + timedelta(minutes=1), **report)

    assert what_is_left([[once], [again]]) == what_is_left([[once]])


def test_repeated_report_of_a_box_whose_clock_is_a_little_ahead_changes_nothing() -> None:
    """Its answer was lost, and when it comes again the hub's clock has caught up."""
    report: dict[str, Any] = {"customer_id": "kovacs", "timestamp": rfc3339(BEGIN + timedelta(seconds=30))}
    once = incoming(received_at=BEGIN, **report)
    again = incoming(received_at=BEGIN + timedelta(minutes=1), **report)

    assert what_is_left([[once], [again]]) == what_is_left([[once]])


def test_health_holds_since_the_first_of_many_reports_of_one_moment() -> None:
    """A box whose clock stands still."""
    same_time = [
        incoming("kovacs", received_at=BEGIN, timestamp=rfc3339(BEGIN), health="warn", version=version)
        for version in range(12)
    ]
    later = incoming("kovacs", received_at=BEGIN + timedelta(hours=1), health="ok")
    late = incoming(
        "kovacs", received_at=BEGIN + timedelta(hours=2), timestamp=rfc3339(BEGIN - timedelta(hours=1)), health="ok"
    )

    assert what_is_left([same_time, [later], [late]]) == what_is_left([[late], same_time, [later]])
