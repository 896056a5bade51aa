import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tests.build import NOW, app_entry, incoming, record, report_body
from tests.two_hubs import both_at_once

from felhom_hub.base.instants import rfc3339
from felhom_hub.base.pace import AT_ONCE, Pace
from felhom_hub.reports.app_telemetry import PATHS
from felhom_hub.reports.backlog import is_backlog_empty, read_backlog
from felhom_hub.reports.record import incoming_report
from felhom_hub.telemetry import unread as tested
from felhom_hub.telemetry.models import ChangedHour, LogIssue, TelemetryHour
from felhom_hub.telemetry.pack import unpack_hour
from felhom_hub.telemetry.record import record_telemetry
from felhom_hub.telemetry.unread import read_unread

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MOST = 1000


def samples() -> dict[str, list[int]]:
    """The memory that each customer's app used, in the order of its hours."""
    found: dict[str, list[int]] = {}
    rows = TelemetryHour.objects.order_by("customer__customer_id", "hour").values_list(
        "customer__customer_id", "packed"
    )
    for customer_id, packed in rows:
        for app in unpack_hour(bytes(packed)).apps:
            found.setdefault(customer_id, []).extend(app.memory)
    return found


def test_apps_of_what_waits_are_in_the_hours_and_wait_no_longer() -> None:
    issue = {"fingerprint": "f", "count": 3, "message": "no route"}
    record([incoming("a", app_telemetry=[app_entry(memory_avg_mb=5, top_issues=[issue])]), incoming("b")])
    assert samples() == {}

    assert read_unread(MOST, AT_ONCE) == 2

    assert samples() == {"a": [50], "b": [7904]}
    assert list(LogIssue.objects.values_list("customer__customer_id", "count")) == [("a", 3)]
    assert ChangedHour.objects.count() == 1
    assert is_backlog_empty()
    assert read_unread(MOST, AT_ONCE) == 0


def test_a_report_that_comes_again_counts_once() -> None:
    once, again = incoming("a"), incoming("a")
    record([once, again])
    record([again])
    read_unread(MOST, AT_ONCE)
    record([again])
    read_unread(MOST, AT_ONCE)

    assert samples() == {"a": [7904]}


@pytest.mark.parametrize(
    ("reported_at", "hour"),
    [
        (NOW - 90 * MINUTE, NOW - 90 * MINUTE),
        (NOW - DAY, NOW - DAY),
        (NOW - DAY - MINUTE, NOW),
        (NOW + 90 * MINUTE, NOW + 90 * MINUTE),
        (NOW + DAY, NOW + DAY),
        (NOW + DAY + MINUTE, NOW),
    ],
)
def test_apps_count_for_the_reports_own_hour_within_a_day(reported_at: datetime, hour: datetime) -> None:
    record([incoming(timestamp=rfc3339(reported_at))])

    read_unread(MOST, AT_ONCE)

    assert TelemetryHour.objects.get().hour == int(hour.timestamp()) // 3600


def test_apps_of_a_box_without_a_clock_count_when_they_came() -> None:
    body = json.dumps({"customer_id": "a", "app_telemetry": [app_entry()]}).encode()
    record([incoming_report(body, NOW, key_digest=None)])

    read_unread(MOST, AT_ONCE)

    assert TelemetryHour.objects.get().hour == int(NOW.timestamp()) // 3600


def test_a_run_reads_so_many_and_rests_after_each_portion() -> None:
    rests: list[float] = []

    def rest(seconds: float) -> bool:
        rests.append(seconds)
        return False

    record([incoming(received_at=NOW + index * MINUTE) for index in range(100)])

    assert read_unread(64, Pace(0.5, wait=rest)) == 64

    assert len(rests) == 2
    assert len(read_backlog(99).reports) == 36


def test_a_report_that_cannot_be_stored_takes_no_other_along(monkeypatch: pytest.MonkeyPatch) -> None:
    record([incoming("a"), incoming("b"), incoming("c")])

    def store_but_b(db: Any, reports: Any) -> None:
        record_telemetry(db, reports)
        if any(report.customer_pk == b for report in reports):
            raise ValueError

    b = read_backlog(1).reports[1].customer_pk
    monkeypatch.setattr(tested, "record_telemetry", store_but_b)
    with capture_logs() as logs:
        read_unread(MOST, AT_ONCE)

    assert samples() == {"a": [7904], "c": [7904]}
    assert [entry["event"] for entry in logs] == ["apps_of_report_left_out"]
    assert is_backlog_empty()


def test_a_database_that_is_away_leaves_them_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    record([incoming("a"), incoming("b")])

    def refuse(*_: Any) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(tested, "record_telemetry", refuse)
        with pytest.raises(OperationalError):
            read_unread(MOST, AT_ONCE)
    assert samples() == {}
    read_unread(MOST, AT_ONCE)

    assert samples() == {"a": [7904], "b": [7904]}


@pytest.mark.django_db(transaction=True)
def test_two_hubs_that_read_the_same_count_it_once() -> None:
    record([incoming("a"), incoming("b")])
    backlog = read_backlog(1)

    both_at_once(lambda: tested._store(backlog), lambda: tested._store(backlog))

    assert samples() == {"a": [7904], "b": [7904]}


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["count", "message", "x"]), inner),
    max_leaves=4,
)
NAMES = sorted({name for names in PATHS.values() for name in names})
ENTRY = st.dictionaries(st.sampled_from(NAMES), ODD, max_size=8).map(lambda odd: {"app_name": "immich", **odd})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=100)
@given(st.lists(ENTRY | ODD, max_size=3))
def test_apps_of_any_shape_can_be_stored(apps: list[Any]) -> None:
    record([incoming_report(report_body(app_telemetry=apps), NOW, key_digest=None)])

    with capture_logs() as logs:
        read_unread(MOST, AT_ONCE)

    assert logs == []
    assert is_backlog_empty()
