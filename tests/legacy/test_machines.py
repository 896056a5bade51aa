from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, incoming, record, report_body
from tests.legacy.go_hub import snapshot_text

from felhom_hub.customers.models import Customer
from felhom_hub.legacy.entry import Entry, Outcome, Take
from felhom_hub.legacy.machines import take_backups, take_issues, take_reports, take_telemetry
from felhom_hub.recovery.models import InfraBackup
from felhom_hub.reports.body import unpack_each
from felhom_hub.reports.models import Report
from felhom_hub.telemetry.models import LogIssue, TelemetryHour
from felhom_hub.telemetry.pack import unpack_hours

pytestmark = pytest.mark.django_db

AT = b"2026-11-20 18:53:24"


def take(taking: Take, *rows: dict[str, Any]) -> Outcome:
    return taking([Entry(number, {"customer_id": b"a", **row}, {}) for number, row in enumerate(rows, 1)], NOW)


def test_a_report_is_stored_byte_for_byte() -> None:
    body = report_body(customer_id="a") + b"  \n"

    outcome = take(take_reports, {"body": body, "received_at": AT}, {"body": body, "received_at": AT})

    assert (outcome.stored, outcome.present) == (1, 1)
    stored = Report.objects.get()
    assert unpack_each([bytes(stored.body)]) == [body]
    assert stored.received_at.day == 20


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"body": b"[]", "received_at": AT}, "object"),
        ({"body": b"{}", "received_at": AT}, "customer_id is missing"),
        ({"body": None, "received_at": AT}, "JSON"),
        ({"body": b'{"customer_id": "a"}', "received_at": None}, "its time cannot be read"),
    ],
)
def test_a_report_that_cannot_be_one_is_refused_with_why(row: dict[str, Any], why: str) -> None:
    assert why in take(take_reports, row).refused[1]
    assert why in take(take_backups, row).refused[1]
    assert not Report.objects.exists()


def test_backups_become_versions_in_the_order_of_their_times() -> None:
    outcome = take(
        take_backups,
        {"body": snapshot_text("a", 2).encode(), "received_at": b"2026-11-21 00:00:00"},
        {"body": snapshot_text("a", 1).encode(), "received_at": b"2026-11-20 00:00:00"},
        {"body": snapshot_text("a", 1).encode(), "received_at": b"2026-11-22 00:00:00"},
    )

    assert (outcome.stored, outcome.present) == (2, 1)
    assert [(each.version, each.received_at.day) for each in InfraBackup.objects.order_by("version")] == [
        (1, 20),
        (2, 21),
    ]


def test_telemetry_counts_where_no_report_tells_the_same() -> None:
    record([incoming("a", received_at=NOW)])
    sample = {"app_name": b"immich", "memory_avg_mb": 700.5, "memory_peak_mb": 900}
    outcome = take(
        take_telemetry,
        {**sample, "at": b"2026-11-23 11:59:00"},
        {**sample, "at": b"2026-11-23 11:10:00", "memory_avg_mb": b"100.5"},
        {**sample, "at": b"2026-11-23 12:10:00"},
        {"app_name": b"", "at": AT},
        {"app_name": b"x", "at": b"never"},
    )

    assert (outcome.stored, outcome.present) == (2, 1)
    assert outcome.refused == {4: "it names no app", 5: "its time cannot be read"}
    (hour,) = unpack_hours([bytes(TelemetryHour.objects.get().packed)])
    assert "immich" in str(hour)


def test_log_issues_stand_beside_those_known_here() -> None:
    issue = {"app_name": b"immich", "message": b"no space 1234567", "severity": b"error", "count": 7}
    outcome = take(
        take_issues,
        {**issue, "first_seen": b"2026-11-01 00:00:00", "last_seen": AT, "container_name": b"db"},
        {**issue, "last_seen": AT, "fingerprint": b"f1"},
        {**issue, "last_seen": None},
        {"last_seen": AT},
    )

    found = {each.fingerprint: each for each in LogIssue.objects.all()}
    assert (found["no space #"].count, found["no space #"].container_name) == (7, "db")
    assert found["no space #"].last_seen_at - found["no space #"].first_seen_at > timedelta(days=19)
    assert found["f1"].first_seen_at == found["f1"].last_seen_at
    assert (outcome.stored, list(outcome.refused)) == (2, [3, 4])
    assert Customer.objects.get().customer_id == "a"


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ({"memory_avg_mb": b"much"}, {"memory_avg_mb"}),
        ({"cpu_avg_percent": -1.0, "log_errors_24h": 2.5}, {"cpu_avg_percent", "log_errors_24h"}),
        ({"app_name": b"x" * 201, "display_name": b"\xff"}, {"app_name", "display_name"}),
        ({"memory_avg_mb": b" 700.5 ", "cpu_avg_percent": b"41 %", "log_errors_24h": 2.0, "display_name": b""}, set()),
    ],
)
def test_what_telemetry_does_not_hold_of_its_row_is_kept_as_it_was(row: dict[str, Any], kept: set[str]) -> None:
    outcome = take(take_telemetry, {"app_name": b"immich", "at": AT, **row})

    assert outcome.stored == 1
    assert outcome.aside.get(1, {}) == {name: row[name] for name in kept}


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ({"message": b"m" * 1001, "severity": b"s" * 17}, {"message", "severity"}),
        ({"count": b"often", "first_seen": b"last spring"}, {"count", "first_seen"}),
        ({"count": 0, "container_name": b"\xff"}, {"count", "container_name"}),
        ({"fingerprint": b"no space 1234567"}, {"fingerprint"}),
        ({"count": b"7", "first_seen": b"0001-01-01 00:00:00", "fingerprint": b" f1 "}, set()),
    ],
)
def test_what_a_log_issue_does_not_hold_of_its_row_is_kept_as_it_was(row: dict[str, Any], kept: set[str]) -> None:
    outcome = take(take_issues, {"app_name": b"immich", "message": b"no space", "last_seen": AT, **row})

    assert outcome.stored == 1
    assert outcome.aside.get(1, {}) == {name: row[name] for name in kept}


def test_whose_row_it_was_is_kept_where_the_document_names_another() -> None:
    rows = [
        {"body": report_body(customer_id=name), "received_at": f"2026-11-20 18:53:2{second}".encode()}
        for second, name in enumerate(("a", "b"))
    ]
    snapshots = [{"body": snapshot_text(name, 1).encode(), "received_at": AT} for name in ("a", "b")]

    assert take(take_reports, *rows).aside == {2: {"customer_id": b"a"}}
    assert take(take_backups, *snapshots).aside == {2: {"customer_id": b"a"}}
