"""What the sender of a report is answered, byte for byte, and that nothing refused is stored."""

import asyncio
import gzip
import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.asgi import Answer, call, run
from tests.build import GLOBAL_KEY, NOW, make_api_key, make_customer, make_node, report_body

from felhom_hub.base.writer import Writer
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.recognise import Recogniser
from felhom_hub.reports.body import MAX_BODY_BYTES, unpack
from felhom_hub.reports.intake import report_endpoint
from felhom_hub.reports.models import Report

pytestmark = pytest.mark.django_db(transaction=True)

JSON = "application/json; charset=utf-8"


async def posted(body: bytes, headers: Mapping[str, str], method: str = "POST", *, capacity: int = 10) -> Answer:
    """What a hub answers whose writer lets so many wait."""
    writer = Writer(capacity=capacity)
    writer.start()
    try:
        return await call(report_endpoint(writer, Recogniser()), method, headers=headers, body=body)
    finally:
        await writer.close()


def post(body: bytes, key: str | None = GLOBAL_KEY, **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return run(posted(body, sent if key is None else sent | {"Authorization": f"Bearer {key}"}))


def stored() -> list[bytes]:
    return [unpack(bytes(report.body)) for report in Report.objects.order_by("pk")]


def refused(status: int, sentence: str, **headers: str) -> Answer:
    body = json.dumps({"ok": False, "error": sentence}, separators=(",", ":"), ensure_ascii=False).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"content-type": JSON, **names, "content-length": str(len(body))}, body)


def test_stored_report_is_answered_with_ok_alone() -> None:
    body = report_body()

    answer = post(body)

    assert answer == Answer(200, {"content-type": JSON, "content-length": "11"}, b'{"ok":true}')
    assert stored() == [body]


def test_repeated_report_is_answered_alike_and_stored_once() -> None:
    assert [post(report_body()).body for _ in range(2)] == [b'{"ok":true}'] * 2
    assert stored() == [report_body()]


def test_compressed_report_is_stored_as_it_was_before() -> None:
    assert post(gzip.compress(report_body()), Content_Encoding="gzip").status == 200
    assert stored() == [report_body()]


def test_blocked_customer_is_told_so_and_its_report_is_kept() -> None:
    key = make_api_key(make_customer("kovacs-peter", blocked_at=NOW))

    answers = [post(report_body(), key), post(report_body())]

    assert [answer.status for answer in answers] == [200, 200]
    assert [answer.body for answer in answers] == [b'{"ok":true,"customer_blocked":true}'] * 2
    assert stored() == [report_body()]


def test_what_is_wanted_stands_beside_ok_until_it_is_reported_done() -> None:
    make_node(make_customer("kovacs-peter"), expected_hash="ab", push_wanted_at=NOW, update_to="v0.30.0")

    answers = [post(report_body(timestamp=None, config_hash=each)).body for each in ("cd", "ab", "cd")]

    assert answers == [b'{"ok":true,"pending":{"config_hash":"ab"}}', b'{"ok":true}', b'{"ok":true}']


def test_key_that_holds_no_longer_or_never_did_is_refused() -> None:
    revoked = make_api_key(make_customer("kovacs-peter"))
    Credential.objects.update(revoked_at=NOW)

    unknown = refused(401, "This API key is unknown or was revoked", www_authenticate="Bearer")
    assert [post(report_body(), revoked), post(report_body(), "nobody-has-this-key")] == [unknown, unknown]
    assert post(report_body(), None) == refused(
        401, "There is no API key; send it as Authorization: Bearer KEY", www_authenticate="Bearer"
    )
    assert stored() == []


def test_key_that_is_revoked_after_it_was_recognised_is_refused() -> None:
    key = make_api_key(make_customer("kovacs-peter"))

    async def with_known_key() -> Answer:
        writer, recogniser = Writer(), Recogniser()
        writer.start()
        endpoint, headers = report_endpoint(writer, recogniser), {"Authorization": f"Bearer {key}"}
        try:
            await recogniser.recognise(headers["Authorization"])
            await asyncio.to_thread(Credential.objects.update, revoked_at=NOW)
            return await call(endpoint, "POST", headers=headers, body=report_body())
        finally:
            await writer.close()

    assert run(with_known_key()) == refused(401, "This key is not valid any more", www_authenticate="Bearer")
    assert stored() == []


def test_customers_own_key_reports_for_no_other_customer() -> None:
    key = make_api_key(make_customer("nagy-anna"))

    assert post(report_body(), key) == refused(
        403, "This API key belongs to customer nagy-anna and is valid for that one alone"
    )
    assert stored() == []
    assert list(Customer.objects.values_list("customer_id", flat=True)) == ["nagy-anna"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", {}, 400),
        (b"{", {}, 400),
        (b"[]", {}, 400),
        (b"{}", {}, 400),
        (report_body(customer_id="two words"), {}, 422),
        (b" " * (MAX_BODY_BYTES + 1), {}, 413),
        (report_body(), {"Content_Encoding": "br"}, 415),
        (report_body(), {"Content_Encoding": "gzip"}, 400),
    ],
)
def test_refused_body_stores_nothing(body: bytes, headers: dict[str, str], status: int) -> None:
    answer = post(body, **headers)

    document: dict[str, Any] = answer.json()
    assert (answer.status, document["ok"], sorted(document)) == (status, False, ["error", "ok"])
    assert document["error"]
    assert (stored(), Customer.objects.count()) == ([], 0)


def test_other_methods_are_refused() -> None:
    assert run(posted(b"", {}, "GET")) == refused(405, "GET is not possible here; use POST", allow="POST")


def test_report_that_cannot_be_stored_now_is_to_be_sent_again() -> None:
    answer = run(posted(report_body(), {"Authorization": f"Bearer {GLOBAL_KEY}"}, capacity=0))

    assert (answer.status, answer.json()["ok"]) == (503, False)
    assert int(answer.headers["retry-after"]) > 0
    assert (stored(), Customer.objects.count()) == ([], 0)
