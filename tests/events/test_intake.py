"""What the sender of an event is answered, and that nothing refused is stored."""

import asyncio
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
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.recognise import Recogniser
from felhom_hub.events.intake import MAX_BODY_BYTES, event_endpoint
from felhom_hub.events.models import Event

pytestmark = pytest.mark.django_db(transaction=True)

NOT_A_CONTROLLERS = "event_type node_down is the hub's own and not taken from a controller"
COLUMNS = ("customer__customer_id", "event_type", "severity", "message", "details_json", "source")


def event_body(**members: Any) -> bytes:
    return json.dumps({"customer_id": "a", "event_type": "backup_failed", **members}).encode()


async def posted(body: bytes, headers: Mapping[str, str], method: str = "POST") -> Answer:
    writer = Writer()
    writer.start()
    try:
        return await call(event_endpoint(writer, Recogniser()), method, headers=headers, body=body)
    finally:
        await writer.close()


def post(body: bytes, key: str | None = GLOBAL_KEY, **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return run(posted(body, sent if key is None else sent | {"Authorization": f"Bearer {key}"}))


def refusal(answer: Answer) -> tuple[int, str]:
    assert set(answer.json()) == {"ok", "error"}
    return answer.status, answer.json()["error"]


def stored() -> list[tuple[Any, ...]]:
    return list(Event.objects.order_by("pk").values_list(*COLUMNS))


def test_an_event_is_stored_and_answered() -> None:
    answer = post(event_body(severity="warning", message="exit status 1", details={"exit": 1}, source="backup"))

    assert (answer.status, answer.body) == (200, b'{"ok":true}')
    assert stored() == [("a", "backup_failed", "warning", "exit status 1", '{"exit": 1}', "backup")]


def test_the_hubs_clock_dates_it() -> None:
    post(event_body(timestamp="2001-01-01T00:00:00Z", created_at="2001-01-01T00:00:00Z"))

    assert Event.objects.get().created_at.year > 2025


def test_a_compressed_event_is_taken() -> None:
    assert post(gzip.compress(event_body()), Content_Encoding="gzip").status == 200
    assert len(stored()) == 1


@pytest.mark.parametrize("blocked_at", [None, NOW])
def test_a_customers_own_key_speaks_for_it_blocked_or_not(blocked_at: Any) -> None:
    key = make_api_key(make_customer("a", blocked_at=blocked_at))

    assert post(event_body(), key).body == b'{"ok":true}'
    assert len(stored()) == 1


def test_a_customers_own_key_speaks_for_no_other() -> None:
    key = make_api_key(make_customer("b"))

    assert refusal(post(event_body(), key)) == (
        403,
        "This API key belongs to customer b and is valid for that one alone",
    )
    assert stored() == []
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("key", [None, "nobodys"])
def test_no_key_or_nobodys_is_refused(key: str | None) -> None:
    answer = post(event_body(), key)

    assert (answer.status, answer.headers["www-authenticate"], stored()) == (401, "Bearer", [])


def test_a_key_that_is_revoked_after_it_was_recognised_is_refused() -> None:
    header = {"Authorization": f"Bearer {make_api_key(make_customer('a'))}"}

    async def main() -> Answer:
        writer, recogniser = Writer(), Recogniser()
        writer.start()
        try:
            await recogniser.recognise(header["Authorization"])
            await asyncio.get_running_loop().run_in_executor(None, revoke_all)
            return await call(event_endpoint(writer, recogniser), "POST", headers=header, body=event_body())
        finally:
            await writer.close()

    assert refusal(run(main())) == (401, "This key is not valid any more")
    assert stored() == []


def revoke_all() -> None:
    Credential.objects.update(revoked_at=NOW)


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b"", 400, "The body is not JSON: Expecting value at character 0"),
        (b"[]", 400, "The body is not a JSON object"),
        (b'{"a": "\xff"}', 400, "The body is not JSON: byte 7 is not UTF-8"),
        (b'{"event_type": "test"}', 400, "customer_id is missing"),
        (b'{"customer_id": "a"}', 400, "event_type is missing"),
        (event_body(event_type="node_down"), 422, NOT_A_CONTROLLERS),
        (event_body(severity="fatal"), 422, "severity must be info, warning or error"),
        (b" " * (MAX_BODY_BYTES + 1), 413, "The body is larger than 256 KiB, its expanded form included"),
        (gzip.compress(event_body()), 400, "The body is not JSON: byte 1 is not UTF-8"),
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused_plainly(body: bytes, status: int, sentence: str) -> None:
    assert refusal(post(body)) == (status, sentence)
    assert stored() == []
    assert Customer.objects.count() == 0


def test_uncatalogued_types_are_taken_unless_the_operator_wants_them_refused(settings: Settings) -> None:
    assert post(event_body(event_type="fan_too_loud")).status == 200

    settings.HUB = replace(settings.HUB, api=replace(settings.HUB.api, strict_event_types=True))

    assert refusal(post(event_body(event_type="fan_too_loud"))) == (
        422,
        "event_type fan_too_loud is not in the catalogue, and api.strict_event_types is on",
    )
    assert post(event_body(event_type="backup_failed")).status == 200
    assert [row[1] for row in stored()] == ["fan_too_loud", "backup_failed"]


def test_only_post_is_possible() -> None:
    answer = run(posted(b"", {}, "GET"))

    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_an_event_is_stored_as_often_as_it_is_sent() -> None:
    for _ in range(2):
        post(event_body())

    assert len(stored()) == 2
