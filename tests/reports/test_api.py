"""The read API's documents, member by member, and what it refuses; tests/flows reads through a real process."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from msgspec.structs import replace
from tests.build import (
    GLOBAL_KEY,
    NOW,
    incoming,
    incoming_event,
    make_api_key,
    make_customer,
    record,
    record_all_events,
    report_document,
)

from felhom_hub.base.instants import rfc3339
from felhom_hub.customers.models import Credential
from felhom_hub.reports import api
from felhom_hub.reports.api import MAX_LIMIT, summary_document
from felhom_hub.reports.summary import summary_of

pytestmark = pytest.mark.django_db

PATH = "/api/v1/customers"
MINUTE = timedelta(minutes=1)
STATUSES = "OK, WARN, DOWN, DISABLED, PENDING, BLOCKED"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is two minutes after NOW."""
    monkeypatch.setattr(api, "utc_now", lambda: NOW + 2 * MINUTE)


def get(client: Client, path: str = "", *, key: str | None = GLOBAL_KEY) -> tuple[int, Any]:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    answer = client.get(PATH + path, headers=headers)
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    return answer.status_code, answer.json()


def refusal(sentence: str) -> dict[str, object]:
    return {"ok": False, "error": sentence}


def document(**members: Any) -> dict[str, Any]:
    """The summary of the customer that `tests/build.py` reports for."""
    return {
        "customer_id": "kovacs-peter",
        "customer_name": "Kovács Péter",
        "status": "OK",
        "status_reason": None,
        "config_type": "manual",
        "blocked": False,
        "last_report_at": "2026-11-23T12:00:00.000Z",
        "report_age_seconds": 120,
        "controller_version": "v0.30.0",
        "controller_url": "https://felhom.kovacs.example.hu",
        "health": "ok",
        "cpu_percent": 7.5,
        "memory_percent": 61.2,
        "disk_percent": 41.0,
        "temperature_celsius": 48.0,
        "config_sync": "unknown",
        "events_24h": {"error": 0, "warning": 0},
        "last_backup_at": "2026-11-23T02:00:00.000Z",
        **members,
    }


def pending(customer_id: str, **members: Any) -> dict[str, Any]:
    """The summary of a customer that never reported."""
    unknown = dict.fromkeys(name for name, value in document().items() if name != "customer_id")
    known = {"customer_name": "", "config_type": "manual", "blocked": False, "config_sync": "unknown"}
    counts = {"events_24h": {"error": 0, "warning": 0}}
    return {**unknown, **known, **counts, "customer_id": customer_id, "status": "PENDING", **members}


def test_list_holds_the_summary_of_every_customer_by_id(client: Client) -> None:
    record([incoming()])
    record_all_events([incoming_event(), incoming_event(severity="warning"), incoming_event(severity="info")])
    make_customer("a-silent-one")

    reason = "Config created 2 min ago. Waiting for the first report."
    listed = [pending("a-silent-one", status_reason=reason), document(events_24h={"error": 1, "warning": 1})]
    assert get(client) == (200, {"ok": True, "customers": listed, "next": None})


def test_one_customer_comes_with_its_newest_report(client: Client) -> None:
    record([incoming()])

    assert get(client, "/kovacs-peter") == (
        200,
        {
            "ok": True,
            "customer": document(),
            "report": report_document(),
            "received_at": "2026-11-23T12:00:00.000Z",
        },
    )


def test_age_is_never_negative() -> None:
    record([incoming()])
    summary = summary_of("kovacs-peter", now=NOW)
    assert summary is not None

    ages = [summary_document(summary, age_at=NOW + span)["report_age_seconds"] for span in (-MINUTE, MINUTE)]

    assert ages == [0, 60]
    managed = replace(summary, is_managed=True)
    assert summary_document(managed, age_at=NOW)["config_type"] == "managed"


def point(at: datetime, **members: Any) -> dict[str, Any]:
    return {
        "received_at": rfc3339(at),
        "health": "ok",
        "cpu_percent": 7.5,
        "memory_percent": 61.2,
        "disk_percent": 41.0,
        "temperature_celsius": 48.0,
        "clock_skew_seconds": 0.0,
        "controller_version": "v0.30.0",
        **members,
    }


@pytest.mark.parametrize(
    ("query", "period", "days"),
    [
        ("", "7d", 7),
        ("?period=24h", "24h", 1),
        ("?period=7d", "7d", 7),
        ("?period=30d", "30d", 30),
        ("?period=90d", "90d", 90),
    ],
)
def test_history_holds_the_points_of_its_period(client: Client, query: str, period: str, days: int) -> None:
    edge = NOW + 2 * MINUTE - timedelta(days=days)
    times = [edge - MINUTE, edge, edge + MINUTE]
    record([incoming(received_at=at) for at in times])

    status, answer = get(client, f"/kovacs-peter/history{query}")

    assert (status, answer) == (200, {"ok": True, "period": period, "points": [point(at) for at in times[1:]]})


@pytest.mark.parametrize("period", ["", "1d", "7D", "7d%20", "999d"])
def test_other_period_is_refused(client: Client, period: str) -> None:
    make_customer()

    answer = get(client, f"/kovacs-peter/history?period={period}")

    assert answer == (422, refusal("period must be one of 24h, 7d, 30d, 90d"))


@pytest.mark.parametrize("limit", ["", "0", "-1", "1001", "1e2", "ten", "１", "99999999999999999999"])
def test_other_limit_is_refused(client: Client, limit: str) -> None:
    assert get(client, f"?limit={limit}") == (422, refusal(f"limit must be a number from 1 to {MAX_LIMIT}"))


@pytest.mark.parametrize(("limit", "listed", "following"), [("1", 1, "box-0"), ("2", 2, "box-1"), ("3", 3, None)])
def test_page_ends_at_its_limit_and_names_the_next(
    client: Client, limit: str, listed: int, following: str | None
) -> None:
    for number in range(3):
        make_customer(f"box-{number}")

    _, answer = get(client, f"?limit={limit}")

    ids = [customer["customer_id"] for customer in answer["customers"]]
    assert (ids, answer["next"]) == ([f"box-{number}" for number in range(listed)], following)


def test_status_that_there_is_not_is_refused(client: Client) -> None:
    expected = (422, refusal(f"status must be one of {STATUSES}"))

    assert [get(client, f"?status={status}") for status in ("", "fine", "OK%20")] == [expected] * 3


def test_status_is_taken_in_any_case(client: Client) -> None:
    make_customer()

    found = [len(get(client, f"?status={status}")[1]["customers"]) for status in ("PENDING", "Pending", "ok")]

    assert found == [1, 1, 0]


def test_customers_own_key_sees_itself_alone(client: Client) -> None:
    record([incoming("kovacs-peter"), incoming("nagy-anna", customer_name="Nagy Anna")])
    key = make_api_key(make_customer("toth-eva"))
    forbidden = (403, refusal("This API key belongs to customer toth-eva and is valid for that one alone"))

    def ids(query: str) -> list[str]:
        return [customer["customer_id"] for customer in get(client, query, key=key)[1]["customers"]]

    assert [ids(query) for query in ("", "?q=nagy", "?status=pending", "?status=ok")] == [
        ["toth-eva"], ["toth-eva"], ["toth-eva"], []
    ]  # fmt: skip
    assert get(client, "/toth-eva", key=key)[0] == 200
    paths = ("/nagy-anna", "/nagy-anna/history", "/nobody", "/nobody/history")
    assert [get(client, path, key=key) for path in paths] == [forbidden] * 4


def test_without_a_key_that_holds_nothing_is_told(client: Client) -> None:
    revoked = make_api_key(make_customer())
    Credential.objects.update(revoked_at=NOW)
    paths = ("", "/kovacs-peter", "/kovacs-peter/history", "/nobody", "?limit=0")

    unknown, missing = (
        "This API key is unknown or was revoked",
        "There is no API key; send it as Authorization: Bearer KEY",
    )
    assert [get(client, path, key=revoked) for path in paths] == [(401, refusal(unknown))] * 5
    assert [get(client, path, key=None) for path in paths] == [(401, refusal(missing))] * 5


def test_unknown_customer_is_not_found(client: Client) -> None:
    expected = (404, refusal("There is no customer with this id"))

    assert [get(client, "/nobody"), get(client, "/nobody/history?period=never")] == [expected] * 2
