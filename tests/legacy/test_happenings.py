import json
from typing import Any

import pytest
from tests.build import NOW, make_customer

from felhom_hub.events.models import Event
from felhom_hub.legacy.entry import Entry, Outcome, Take
from felhom_hub.legacy.happenings import take_events, take_messages, take_preferences
from felhom_hub.notify.models import Alarm, Delivery, Preferences

pytestmark = pytest.mark.django_db

AT = b"2026-02-20 18:53:24"
EVENT: dict[str, Any] = {"customer_id": b"a", "event_type": b"node_down", "severity": b"error", "created_at": AT}
MESSAGE: dict[str, Any] = {"customer_id": b"a", "event_type": b"node_down", "result": b"sent", "at": AT}


def take(taking: Take, usual: dict[str, Any], *rows: dict[str, Any]) -> Outcome:
    return taking([Entry(number, {**usual, **row}, {}) for number, row in enumerate(rows, 1)], NOW)


def test_events_are_kept_and_nobody_is_told_again() -> None:
    outcome = take(
        take_events, EVENT, {}, {"severity": b"critical"}, {"severity": b"odd"}, {"severity": None}, {"source": b"hub"}
    )

    assert outcome.stored == 5
    assert list(Event.objects.order_by("pk").values_list("severity", "source")) == [
        ("error", "controller"), ("error", "controller"), ("error", "controller"), ("error", "controller"),
        ("error", "hub"),
    ]  # fmt: skip
    assert outcome.aside == {2: {"severity": b"critical"}, 3: {"severity": b"odd"}}
    assert not Delivery.objects.exists()
    assert not Alarm.objects.exists()


def test_an_event_that_cannot_be_one_is_refused_with_why() -> None:
    outcome = take(take_events, EVENT, {"event_type": b"No Type"}, {"created_at": b"?"}, {"customer_id": b""})

    assert outcome.refused == {
        1: "its event type cannot be one", 2: "its time cannot be read", 3: "its customer id cannot be one",
    }  # fmt: skip
    assert not Event.objects.exists()


def test_messages_are_in_the_log_with_what_became_of_them() -> None:
    outcome = take(
        take_messages,
        MESSAGE,
        {"audience": b"operator", "recipient": b"op@example.hu", "answer": b"re_1"},
        {"result": b"SKIPPED", "reason": b"cooldown"},
        {"result": b"failed", "audience": b"customer"},
        {"result": b"perhaps"},
        {"audience": b"everybody"},
    )

    assert list(Delivery.objects.order_by("pk").values_list("audience", "result", "reason", "recipient", "answer")) == [
        ("operator", "sent", "", "op@example.hu", "re_1"),
        ("customer", "skipped", "cooldown", "", ""),
        ("customer", "failed", "", "", ""),
    ]
    assert list(outcome.refused.values()) == ["its result is not known here", "its channel is not known here"]
    assert not Delivery.objects.filter(result="queued").exists()


def test_wishes_are_read_field_by_field() -> None:
    Preferences.objects.create(
        customer=make_customer("known"), email="here@example.hu", set_by="operator", updated_at=NOW
    )
    outcome = take(
        take_preferences,
        {"enabled_events": b'["backup_failed"]'},
        {"customer_id": b"known", "email": b"there@example.hu"},
        {"customer_id": b"a", "email": b"a@example.hu", "cooldown_hours": 24, "updated_at": AT},
        {
            "customer_id": b"b",
            "email": b"nobody",
            "cooldown_hours": None,
            "enabled_events": b"backup_failed, node_down",
        },
        {"customer_id": b"c", "email": b"", "cooldown_hours": b"often", "enabled_events": b"{all"},
        {"customer_id": b" "},
    )

    found = {each.customer.customer_id: each for each in Preferences.objects.select_related("customer")}
    assert found["known"].email == "here@example.hu"
    assert (found["a"].email, found["a"].cooldown_hours, found["a"].updated_at.year) == ("a@example.hu", 24, 2026)
    assert (found["b"].email, found["b"].cooldown_hours) == ("", 6)
    assert json.loads(found["b"].enabled_events) == ["backup_failed", "node_down"]
    assert (found["c"].email, found["c"].cooldown_hours, found["c"].enabled_events) == ("", 6, "[]")
    assert (outcome.stored, outcome.present, list(outcome.refused)) == (3, 1, [5])
    assert outcome.aside == {3: {"email": b"nobody"}, 4: {"enabled_events": b"{all", "cooldown_hours": b"often"}}


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ({"message": b"m" * 6000}, {"message"}),
        ({"message": b"caf\xe9", "source": b"s" * 65}, {"message", "source"}),
        ({"details_json": b'{"a": "' + b"x" * 300_000 + b'"}'}, {"details_json"}),
        ({"severity": b" Odd "}, {"severity"}),
        ({"severity": b" Warn ", "message": b" one\r\ntwo ", "details_json": b"{}\n", "source": b""}, set()),
    ],
)
def test_what_an_event_does_not_hold_of_its_row_is_kept_as_it_was(row: dict[str, Any], kept: set[str]) -> None:
    outcome = take(take_events, EVENT, row)

    assert outcome.stored == 1
    assert outcome.aside.get(1, {}) == {name: row[name] for name in kept}


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ({"reason": b"r" * 201, "answer": b"a" * 501, "recipient": b"r" * 321}, {"reason", "answer", "recipient"}),
        ({"result": b"cooldown"}, {"result"}),
        ({"result": b"OK", "reason": b"r" * 200, "audience": b" Customer"}, set()),
    ],
)
def test_what_a_message_does_not_hold_of_its_row_is_kept_as_it_was(row: dict[str, Any], kept: set[str]) -> None:
    outcome = take(take_messages, MESSAGE, row)

    assert outcome.stored == 1
    assert outcome.aside.get(1, {}) == {name: row[name] for name in kept}


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ({"updated_at": b"last spring"}, {"updated_at"}),
        ({"enabled_events": b'["backup_failed", "No Type", 7]'}, {"enabled_events"}),
        ({"enabled_events": b"[" * 100_000}, {"enabled_events"}),
        ({"enabled_events": b"null", "cooldown_hours": b"24", "updated_at": None, "email": b" a@example.hu\n"}, set()),
        ({"enabled_events": b'["node_down", "node_down"]'}, set()),
    ],
)
def test_what_is_not_taken_of_wishes_is_kept_and_told_each_time(row: dict[str, Any], kept: set[str]) -> None:
    usual = {"customer_id": b"a"}

    first, again = take(take_preferences, usual, row), take(take_preferences, usual, row)

    assert (first.stored, again.present) == (1, 1)
    assert first.aside.get(1, {}) == {name: row[name] for name in kept}
    assert [note.split(" of its ")[0] for note in first.notes] == [f"a: {name}" for name in kept]
    assert (again.aside, again.notes) == (first.aside, first.notes)
