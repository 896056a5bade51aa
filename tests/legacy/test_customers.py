import json
from typing import Any

import pytest
from tests.build import NOW, make_customer

from felhom_hub.configs.overrides import problem_of
from felhom_hub.configs.queries import details_of, settings_of
from felhom_hub.customers.credentials import Kind, machine_secrets
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.legacy.customers import take_customers
from felhom_hub.legacy.entry import Entry, Outcome
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

FINE: dict[str, Any] = {
    "customer_id": b"a",
    "name": "Kovács Péter".encode(),
    "domain": b"Kovacs.example.hu",
    "email": b"p@example.hu",
    "api_key": b"k" * 32,
}


def take(*rows: dict[str, Any]) -> Outcome:
    return take_customers([Entry(number, {**FINE, **row}, {}) for number, row in enumerate(rows, 1)], NOW)


def test_what_a_form_would_refuse_is_kept_aside_and_told() -> None:
    outcome = take({"email": b"nobody", "phone": b"x" * 60, "note": b"one\ntwo\x07", "cf_api_token": b"short"})

    details = details_of(Customer.objects.get())
    assert (details.email, details.phone, details.note, details.domain) == ("", "", "", "Kovacs.example.hu")
    assert outcome.aside[1] == {
        "email": b"nobody", "phone": b"x" * 60, "note": b"one\ntwo\x07", "cf_api_token": b"short",
    }  # fmt: skip
    assert [note.partition(". ")[0] for note in outcome.notes] == [
        f"a: {name} was kept aside" for name in ("email", "phone", "note", "cf_api_token")
    ]  # fmt: skip
    assert "short" not in outcome.notes[-1].removeprefix("a: cf_api_token")


@pytest.mark.parametrize(
    ("overrides", "left"),
    [
        ("a: 1 # why\n", "a: 1 # why\n"),
        ('{"a": {"b": [1, 2]}}', '{"a": {"b": [1, 2]}}'),
        ("null", ""),
        ("", ""),
        (
            "# mine\nhub:\n  url: https://x\n  enabled: true\ncustomer: {id: a}\nkeep: 1\n",
            "# mine\nhub:\n  enabled: true\nkeep: 1\n",
        ),
        ("customer:\n  id: a\n", ""),
        ("a: &x 1\nb: *x\n", ""),
        ("a: [\n", ""),
    ],
)
def test_overrides_lose_what_the_hub_writes_itself(overrides: str, left: str) -> None:
    outcome = take({"overrides": overrides.encode()})

    assert settings_of(Customer.objects.get()).overrides.strip() == left.strip()
    assert problem_of(left) == ""
    is_same = overrides.strip() in {left.strip(), "null"}
    assert ("overrides" in outcome.aside.get(1, {})) is not is_same


def test_settings_are_read_in_the_ways_in_which_they_were_kept() -> None:
    uuid = "3b1f8e0a-5c2d-4e6f-8a9b-0c1d2e3f4a5b"
    take(
        {"is_monitored": 0, "log_level": b"DEBUG", "ping_heartbeat": uuid.encode()},
        {"customer_id": b"b", "api_key": b"b" * 32, "ping_uuids": json.dumps({"backup": uuid, "other": 1}).encode()},
        {"customer_id": b"c", "api_key": None, "ping_uuids": b"[]", "log_level": b"loud", "is_monitored": b"true"},
    )

    a, b, c = (settings_of(each) for each in Customer.objects.order_by("customer_id"))
    assert (a.is_monitored, a.log_level, a.ping_uuids) == (False, "debug", {"heartbeat": uuid})
    assert b.ping_uuids == {"backup": uuid}
    assert (c.is_monitored, c.log_level, c.ping_uuids) == (True, "", {})
    assert machine_secrets(Customer.objects.get(customer_id="c"))[Kind.API_KEY].startswith("fh_")


def test_a_key_that_two_have_is_the_first_ones_and_the_other_gets_a_new_one() -> None:
    outcome = take({}, {"customer_id": b"b"})

    assert Credential.objects.filter(kind="api_key").count() == 2
    assert outcome.stored == 2
    assert outcome.aside[2] == {"api_key": b"k" * 32}
    assert "kkkk" not in outcome.notes[0]


def test_a_row_that_is_there_already_is_kept_aside_and_told_as_the_first_time() -> None:
    rows: tuple[dict[str, Any], ...] = ({"email": b"nobody", "overrides": b"a: [\n"}, {"customer_id": b"b"})

    first, again = take(*rows), take(*rows)

    assert (first.stored, first.present, again.stored, again.present) == (2, 0, 0, 2)
    assert set(first.aside[1]) == {"email", "overrides"}
    assert first.aside[2] == {"api_key": b"k" * 32}
    assert (again.aside, again.notes) == (first.aside, first.notes)


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ({"created_at": b"last spring"}, {"created_at"}),
        ({"updated_at": b"last spring"}, {"updated_at"}),
        ({"status": b"blocked", "updated_at": 1e300}, {"updated_at"}),
        ({"name": b"Kov\xe1cs"}, {"name"}),
        ({"note": b"one" + b" " * 20_000 + b"two"}, {"note"}),
        ({"is_monitored": b"sometimes"}, {"is_monitored"}),
        ({"is_monitored": 2}, {"is_monitored"}),
        ({"is_monitored": b"9" * 5000}, {"is_monitored"}),
        ({"log_level": b"loud"}, {"log_level"}),
        ({"overrides": b"a: \xff\n"}, {"overrides"}),
        ({"api_key": b"\xff" * 32, "retrieval_password": b"\xff"}, {"api_key", "retrieval_password"}),
        ({"ping_heartbeat": b"no uuid"}, {"ping_heartbeat"}),
        ({"ping_uuids": b'{"heartbeat": "no uuid"}'}, {"ping_uuids"}),
        ({"ping_uuids": b'{"weather": "x"}'}, {"ping_uuids"}),
        ({"ping_uuids": b'{"heartbeat": 7}'}, {"ping_uuids"}),
        ({"ping_uuids": b"[" * 100_000}, {"ping_uuids"}),
        ({"ping_heartbeat": b"CHANGEME_1", "ping_uuids": b'{"heartbeat": "CHANGEME_2"}'}, {"ping_heartbeat"}),
    ],
)
def test_a_value_that_is_not_what_is_stored_is_kept_as_it_was_and_told(row: dict[str, Any], kept: set[str]) -> None:
    outcome = take(row)

    assert outcome.stored == 1
    assert outcome.aside == {1: {name: row[name] for name in kept}}
    assert len(outcome.notes) == len(kept)


@pytest.mark.parametrize(
    "row",
    [
        {"created_at": b"2026-02-20 19:53:24.123456789 +0100 CET"},
        {"created_at": b"0001-01-01 00:00:00 +0000 UTC", "updated_at": 0},
        {"created_at": b" ", "name": " Kovács \t Péter ".encode(), "note": b"one\r\ntwo\n"},
        {"is_monitored": b" TRUE ", "log_level": b" Warn ", "status": b"Active"},
        {"is_monitored": 1.0, "ping_uuids": b"null"},
        {"api_key": b" " + b"n" * 32 + b"\n", "overrides": b"a: 1\r\n"},
        {"ping_uuids": b'{"heartbeat": " 3b1f8e0a-5c2d-4e6f-8a9b-0c1d2e3f4a5b", "backup": "", "weather": null}'},
        {"ping_heartbeat": b"CHANGEME", "ping_uuids": b'{"heartbeat": "CHANGEME"}'},
    ],
)
def test_another_form_of_the_same_is_not_kept_aside(row: dict[str, Any]) -> None:
    outcome = take(row)

    assert (outcome.stored, outcome.aside, outcome.notes) == (1, {}, [])


@pytest.mark.parametrize(
    ("status", "is_blocked", "is_noted"),
    [(b"active", False, False), (b"blocked", True, False), (None, False, False), (b"asleep", False, True)],
)
def test_who_was_blocked_is_blocked(status: bytes | None, is_blocked: bool, is_noted: bool) -> None:
    outcome = take({"status": status, "updated_at": b"2026-02-20 18:53:24"})

    blocked_at = Customer.objects.get().blocked_at
    assert (blocked_at is not None) is is_blocked
    assert blocked_at is None or blocked_at.year == 2026
    assert bool(outcome.notes) is is_noted


def test_who_only_reported_becomes_managed_and_who_was_deleted_here_stays_so() -> None:
    manual = make_customer("a", name="reported")
    make_customer("gone", deleted_at=NOW)

    outcome = take({}, {"customer_id": b"gone", "api_key": b"g" * 32}, {"customer_id": b"../x"})

    assert (outcome.stored, outcome.present, list(outcome.refused)) == (1, 1, [3])
    assert Customer.objects.get().pk == manual.pk
    assert Customer.objects.get().name == "Kovács Péter"
    assert list(AuditEntry.objects.values_list("action", "actor", "customer_id")) == [
        ("customer_moved_in", "command line", "a")
    ]
