"""What controllers report is what the read API gives back: through a real process, over HTTP."""

import gzip
import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.servers.clients import Answer
from tests.servers.hub import Hub
from tests.structure.callers import add_customer, run

from felhom_hub.base.instants import parse_rfc3339, rfc3339

_numbers = itertools.count(1)


def new_id(what: str = "box") -> str:
    """An id that no other test uses."""
    return f"{what}-{next(_numbers)}"


def ago(**span: float) -> str:
    """A box's timestamp of a while ago."""
    return str(rfc3339(datetime.now(UTC) - timedelta(**span)))


def report(hub: Hub, customer_id: str, **members: Any) -> Answer:
    answer = hub.post("/api/v1/report", json.dumps({"version": 1, "customer_id": customer_id, **members}).encode())
    assert answer.status == 200, answer.body
    return answer


def read(hub: Hub, path: str) -> Any:
    answer = hub.get(f"/api/v1/customers{path}")
    assert answer.status == 200, answer.body
    return answer.document


def listed(hub: Hub, query: str) -> list[str]:
    return [each["customer_id"] for each in read(hub, query)["customers"]]


def test_report_is_read_back_as_summary_report_and_history(hub: Hub) -> None:
    customer_id, sent = new_id(), ago(seconds=90)
    before = datetime.now(UTC)
    report(
        hub,
        customer_id,
        customer_name="Kiss Fotóstúdió",
        controller_version="v0.30.0",
        controller_url="https://felhom.kiss.example.hu",
        timestamp=sent,
        health={"status": "warn", "issues": [], "warnings": ["The data drive is nearly full"]},
        system={"cpu_percent": 7.5, "memory_percent": 61.2, "temperature_celsius": 48.0},
        storage=[{"name": "Adat", "percent": 91.0, "mounted": True}],
        backup={"last_backup_at": "2026-02-25T03:10:00+01:00"},
    )

    found, history = read(hub, f"/{customer_id}"), read(hub, f"/{customer_id}/history?period=24h")

    received_at = found["received_at"]
    received = parse_rfc3339(received_at)
    assert received is not None
    assert before - timedelta(seconds=1) <= received <= datetime.now(UTC)
    age = found["customer"].pop("report_age_seconds")
    assert 0 <= age <= 60
    assert found["customer"] == {
        "customer_id": customer_id,
        "customer_name": "Kiss Fotóstúdió",
        "status": "WARN",
        "status_reason": "Health warning: The data drive is nearly full",
        "config_type": "manual",
        "blocked": False,
        "last_report_at": received_at,
        "controller_version": "v0.30.0",
        "controller_url": "https://felhom.kiss.example.hu",
        "health": "warn",
        "cpu_percent": 7.5,
        "memory_percent": 61.2,
        "disk_percent": 91.0,
        "temperature_celsius": 48.0,
        "config_sync": "unknown",
        "events_24h": {"error": 0, "warning": 0},
        "last_backup_at": "2026-02-25T02:10:00.000Z",
    }
    sent_at = parse_rfc3339(sent)
    assert sent_at is not None
    assert history["points"] == [
        {
            "received_at": received_at,
            "health": "warn",
            "cpu_percent": 7.5,
            "memory_percent": 61.2,
            "disk_percent": 91.0,
            "temperature_celsius": 48.0,
            "controller_version": "v0.30.0",
            "clock_skew_seconds": round((sent_at - received).total_seconds(), 3),
        }
    ]


def test_report_is_given_back_byte_for_byte(hub: Hub) -> None:
    customer_id = new_id()
    body = f'{{ "b" : 1.50 ,"a":"\\u00e1 á \\ud800", "customer_id":"{customer_id}",\n"b":[1E2,  {{}}] }}'.encode()
    assert hub.post("/api/v1/report", body).status == 200

    answer = hub.get(f"/api/v1/customers/{customer_id}")

    assert b'"report":' + body + b',"received_at":' in answer.body


def test_compressed_report_is_given_back_as_it_was_before(hub: Hub) -> None:
    customer_id = new_id()
    body = json.dumps({"customer_id": customer_id, "note": "x" * 1000}).encode()
    assert hub.post("/api/v1/report", gzip.compress(body), Content_Encoding="gzip").status == 200

    assert read(hub, f"/{customer_id}")["report"] == json.loads(body)


def test_what_was_not_reported_is_null(hub: Hub) -> None:
    customer_id = new_id()
    report(hub, customer_id)

    customer = read(hub, f"/{customer_id}")["customer"]

    unknown = ("health", "cpu_percent", "memory_percent", "disk_percent", "temperature_celsius", "controller_version")
    assert {customer[name] for name in (*unknown, "controller_url", "last_backup_at")} == {None}


def test_customer_that_never_reported_is_pending_and_has_no_report(hub: Hub) -> None:
    customer_id = new_id("silent")
    add_customer(hub, customer_id)

    found = read(hub, f"/{customer_id}")

    assert (found["customer"]["status"], found["report"], found["received_at"]) == ("PENDING", None, None)
    assert read(hub, f"/{customer_id}/history")["points"] == []


def test_pages_follow_each_other_by_their_cursor(hub: Hub) -> None:
    prefix = new_id("page")
    ids = [f"{prefix}-{number}" for number in range(5)]
    for customer_id in reversed(ids):
        report(hub, customer_id)

    pages, cursor = [], f"{prefix}-"
    while True:
        page = read(hub, f"?limit=2&q={prefix}-&cursor={cursor}")
        pages.append([each["customer_id"] for each in page["customers"]])
        if page["next"] is None:
            break
        cursor = page["next"]

    assert pages == [ids[:2], ids[2:4], ids[4:]]


def test_every_status_can_be_asked_for(hub: Hub) -> None:
    prefix = new_id("status")
    report(hub, f"{prefix}-ok", health={"status": "ok"})
    report(hub, f"{prefix}-warn", health={"status": "warn"})
    report(hub, f"{prefix}-down", health={"status": "fail"})
    report(hub, f"{prefix}-disabled", health={"status": "fail"}, monitoring_paused=True)
    add_customer(hub, f"{prefix}-pending")
    report(hub, f"{prefix}-blocked")
    run(hub, "customer", "block", f"{prefix}-blocked")

    statuses = ("ok", "warn", "down", "disabled", "pending", "blocked")
    found = {status: listed(hub, f"?q={prefix}-&status={status}") for status in statuses}

    assert found == {status: [f"{prefix}-{status}"] for status in statuses}


@pytest.mark.parametrize("query", ["kovacs", "KOVÁCS", "péter", "Kova%CC%81cs", "{id}"])
def test_search_looks_at_id_and_name_without_case_and_accents(hub: Hub, query: str) -> None:
    customer_id = new_id("search")
    report(hub, customer_id, customer_name="Kovács Péter")
    report(hub, new_id("other"), customer_name="Nagy Anna")

    found = listed(hub, f"?q={query.format(id=customer_id)}".replace("Á", "%C3%81").replace("é", "%C3%A9"))

    assert customer_id in found
    assert not [each for each in found if each.startswith("other")]


def test_late_report_leaves_the_newer_state_and_stands_in_the_history_when_it_came(hub: Hub) -> None:
    customer_id = new_id()
    for minutes, cpu in ((45, 1.0), (5, 3.0), (25, 2.0)):
        report(hub, customer_id, timestamp=ago(minutes=minutes), system={"cpu_percent": cpu})

    points = read(hub, f"/{customer_id}/history?period=24h")["points"]

    assert [point["cpu_percent"] for point in points] == [1.0, 3.0, 2.0]
    assert read(hub, f"/{customer_id}")["customer"]["cpu_percent"] == 3.0
    assert read(hub, f"/{customer_id}")["report"]["system"] == {"cpu_percent": 3.0}


def test_report_that_comes_twice_is_stored_once(hub: Hub) -> None:
    customer_id, sent = new_id(), ago(minutes=1)
    answers = [report(hub, customer_id, timestamp=sent).document for _ in range(2)]

    assert answers == [{"ok": True}, {"ok": True}]
    assert len(read(hub, f"/{customer_id}/history")["points"]) == 1


def test_events_are_counted_by_severity(hub: Hub) -> None:
    customer_id = new_id()
    for event_type, severity in (("backup_failed", "error"), ("disk_warning", None), ("my_own_kind", "warning")):
        event = {"customer_id": customer_id, "event_type": event_type, "severity": severity}
        assert hub.post("/api/v1/event", json.dumps(event).encode()).document == {"ok": True}

    assert read(hub, f"/{customer_id}")["customer"]["events_24h"] == {"error": 1, "warning": 2}


def test_reading_survives_a_restart(hub: Hub) -> None:
    customer_id = new_id()
    report(hub, customer_id, system={"cpu_percent": 5.0})
    before = read(hub, f"/{customer_id}")
    hub.kill()
    hub.start()

    after = read(hub, f"/{customer_id}")

    assert after["customer"] | {"report_age_seconds": 0} == before["customer"] | {"report_age_seconds": 0}
    assert after["report"] == before["report"]
