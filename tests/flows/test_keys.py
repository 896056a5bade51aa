"""A key holds from the moment that it is made until the moment that it is revoked, beside a running hub."""

import json

from tests.servers.clients import Answer
from tests.servers.hub import Hub
from tests.structure.callers import add_customer, revoke_key, run


def report(hub: Hub, customer_id: str, key: str) -> Answer:
    return hub.post("/api/v1/report", json.dumps({"customer_id": customer_id}).encode(), key=key)


def test_key_holds_from_the_next_request_on_when_it_is_made(hub: Hub) -> None:
    key = add_customer(hub, "made-now")["api_key"]

    assert report(hub, "made-now", key).document == {"ok": True}
    assert hub.get("/api/v1/customers/made-now", key=key).status == 200


def test_revoked_key_is_refused_from_the_next_request_on_and_stores_nothing(hub: Hub) -> None:
    key = add_customer(hub, "revoked-now")["api_key"]
    assert report(hub, "revoked-now", key).status == 200
    stored = hub.rows("SELECT count(*) FROM reports_report")
    revoke_key(hub, "revoked-now")

    event = json.dumps({"customer_id": "revoked-now", "event_type": "test"}).encode()
    answers = [
        report(hub, "revoked-now", key),
        hub.post("/api/v1/event", event, key=key),
        hub.get("/api/v1/customers", key=key),
        hub.get("/api/v1/customers/revoked-now", key=key),
    ]

    assert [answer.status for answer in answers] == [401] * 4
    assert hub.rows("SELECT count(*) FROM reports_report") == stored
    assert hub.rows("SELECT count(*) FROM events_event") == [(0,)]


def test_blocked_customer_is_told_so_from_the_next_report_on_and_its_reports_are_kept(hub: Hub) -> None:
    key = add_customer(hub, "blocked-now")["api_key"]
    before = report(hub, "blocked-now", key).document
    run(hub, "customer", "block", "blocked-now")

    while_blocked = report(hub, "blocked-now", key).document
    run(hub, "customer", "unblock", "blocked-now")
    after = report(hub, "blocked-now", key).document

    assert [before, while_blocked, after] == [{"ok": True}, {"ok": True, "customer_blocked": True}, {"ok": True}]
    assert len(hub.get("/api/v1/customers/blocked-now/history").document["points"]) == 3


def test_customers_own_key_makes_no_other_customer(hub: Hub) -> None:
    key = add_customer(hub, "owner")["api_key"]

    answer = report(hub, "somebody-new", key)

    assert answer.status == 403
    assert hub.get("/api/v1/customers/somebody-new").status == 404
