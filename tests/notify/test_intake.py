"""What the sender of preferences or of a message is answered, and that nothing refused is stored."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings
from tests.asgi import Answer, call, run
from tests.build import GLOBAL_KEY, NOW, make_api_key, make_customer

from felhom_hub.base.writer import Writer
from felhom_hub.customers.models import Customer
from felhom_hub.customers.recognise import Recogniser
from felhom_hub.events.models import Event
from felhom_hub.notify.intake import MAX_BODY_BYTES, notify_endpoint, preferences_endpoint
from felhom_hub.notify.models import Delivery, Preferences

pytestmark = pytest.mark.django_db(transaction=True)

ENDPOINTS = {"preferences": preferences_endpoint, "notify": notify_endpoint}
BOTH = pytest.mark.parametrize("endpoint", ENDPOINTS)
SKIPPED = {"ok": True, "skipped": "no email configured"}
WISHES: dict[str, Any] = {"email": "anna@example.hu", "enabled_events": ["backup_failed"], "cooldown_hours": 12}


async def posted(endpoint: str, body: bytes, headers: Mapping[str, str], method: str = "POST") -> Answer:
    writer = Writer()
    writer.start()
    try:
        return await call(ENDPOINTS[endpoint](writer, Recogniser()), method, headers=headers, body=body)
    finally:
        await writer.close()


def post(endpoint: str, body: bytes | None = None, key: str | None = GLOBAL_KEY, **members: Any) -> Answer:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return run(
        posted(endpoint, json.dumps({"customer_id": "a", **members}).encode() if body is None else body, headers)
    )


def refusal(answer: Answer) -> tuple[int, str]:
    assert set(answer.json()) == {"ok", "error"}
    return answer.status, answer.json()["error"]


def addresses() -> list[tuple[str, str]]:
    return list(Preferences.objects.order_by("customer__customer_id").values_list("customer__customer_id", "email"))


def events() -> list[tuple[Any, ...]]:
    return list(Event.objects.order_by("pk").values_list("customer__customer_id", "event_type", "severity", "message"))


def test_preferences_are_stored_and_answered() -> None:
    answer = post("preferences", **WISHES)

    assert (answer.status, answer.body) == (200, b'{"ok":true}')
    names = ("customer__customer_id", "email", "enabled_events", "cooldown_hours", "set_by")
    assert list(Preferences.objects.values_list(*names)) == [
        ("a", "anna@example.hu", '["backup_failed"]', 12, "controller")
    ]
    assert Preferences.objects.get().updated_at.year > 2025


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"email": "anna"}, "email must be one address such as anna@example.hu"),
        ({"cooldown_hours": 169}, "cooldown_hours must be a whole number from 0 to 168"),
        ({"enabled_events": "all"}, "enabled_events must be a list of event types"),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_what_is_stored(members: dict[str, Any], sentence: str) -> None:
    post("preferences", **WISHES)
    before = Preferences.objects.values().get()

    assert refusal(post("preferences", **{"email": "other@example.hu", **members})) == (422, sentence)
    assert Preferences.objects.values().get() == before


def test_an_empty_address_switches_the_customer_off() -> None:
    post("preferences", **WISHES)

    assert post("preferences", email="").json() == {"ok": True}
    assert addresses() == [("a", "")]
    assert post("notify").json() == SKIPPED


def test_a_blocked_customer_is_told_so_when_it_sets_its_preferences() -> None:
    key = make_api_key(make_customer("a", blocked_at=NOW))

    assert post("preferences", key=key, **WISHES).json() == {"ok": True, "customer_blocked": True}
    assert addresses() == [("a", "anna@example.hu")]
    assert post("notify", key=key).json() == {"ok": True}


def test_a_message_that_names_nothing_is_an_event_of_its_own_type() -> None:
    assert post("notify").json() == SKIPPED

    assert events() == [("a", "notify", "info", "")]


def test_a_message_is_an_event_of_the_type_that_it_names() -> None:
    post("notify", event_type="backup_failed", message="exit status 1")
    post("notify", event_type="", severity="warning", message="Zajos")

    assert events() == [("a", "backup_failed", "error", "exit status 1"), ("a", "notify", "warning", "Zajos")]


def test_a_message_to_a_known_address_is_kept_and_is_decided_on() -> None:
    post("preferences", **WISHES)

    assert post("notify").json() == {"ok": True}
    assert (len(events()), set(Delivery.objects.values_list("result", flat=True))) == (1, {"skipped"})


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"event_type": "node_down"}, "event_type node_down is the hub's own and not taken from a controller"),
        ({"severity": "fatal"}, "severity must be info, warning or error"),
    ],
)
def test_a_message_is_held_to_the_rules_of_events(members: dict[str, Any], sentence: str) -> None:
    assert refusal(post("notify", **members)) == (422, sentence)
    assert events() == []


def test_strict_types_refuse_other_types_and_never_the_default(settings: Settings) -> None:
    settings.HUB = replace(settings.HUB, api=replace(settings.HUB.api, strict_event_types=True))

    assert post("notify", event_type="fan_too_loud").status == 422
    assert post("notify").status == 200


@BOTH
def test_a_customers_own_key_speaks_for_itself_alone(endpoint: str) -> None:
    key = make_api_key(make_customer("b"))

    assert refusal(post(endpoint, key=key)) == (
        403,
        "This API key belongs to customer b and is valid for that one alone",
    )
    assert (addresses(), events(), Customer.objects.count()) == ([], [], 1)
    assert post(endpoint, key=key, customer_id="b").status == 200


@BOTH
@pytest.mark.parametrize("key", [None, "nobodys"])
def test_no_key_or_nobodys_is_refused(endpoint: str, key: str | None) -> None:
    answer = post(endpoint, key=key)

    assert (answer.status, answer.headers["www-authenticate"], Customer.objects.count()) == (401, "Bearer", 0)


@BOTH
@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b"", 400, "The body is not JSON: Expecting value at character 0"),
        (b"[]", 400, "The body is not a JSON object"),
        (b"{}", 400, "customer_id is missing"),
        (b" " * (MAX_BODY_BYTES + 1), 413, "The body is larger than 256 KiB, its expanded form included"),
    ],
)
def test_what_cannot_be_read_is_refused_plainly(endpoint: str, body: bytes, status: int, sentence: str) -> None:
    assert refusal(post(endpoint, body)) == (status, sentence)
    assert Customer.objects.count() == 0


@BOTH
def test_a_compressed_body_is_taken(endpoint: str) -> None:
    headers = {"Authorization": f"Bearer {GLOBAL_KEY}", "Content-Encoding": "gzip"}

    assert run(posted(endpoint, gzip.compress(b'{"customer_id": "a"}'), headers)).status == 200
    assert Customer.objects.count() == 1


@BOTH
def test_only_post_is_possible(endpoint: str) -> None:
    answer = run(posted(endpoint, b"", {}, "GET"))

    assert (answer.status, answer.headers["allow"]) == (405, "POST")
