"""What the mail provider is answered; nothing of a call is read before its signature was found to be right."""

import json
import time
from typing import Any

import pytest
from tests.asgi import Answer, call, run
from tests.build import make_customer
from tests.notify.conftest import SetUp
from tests.notify.messages import make_wishes
from tests.servers.signed import SIGNING_SECRET, signed_headers

from felhom_hub.base.models import Call
from felhom_hub.base.writer import Writer
from felhom_hub.notify.models import Suppression
from felhom_hub.notify.provider_intake import MAX_BODY_BYTES, resend_endpoint

pytestmark = pytest.mark.django_db(transaction=True)

BOUNCE = json.dumps(
    {"type": "email.bounced", "data": {"email_id": "re-1", "to": ["anna@example.hu"], "bounce": {"message": "no"}}}
).encode()


@pytest.fixture(autouse=True)
def _with_secret(notifications: SetUp) -> None:
    notifications(resend_webhook_secret=SIGNING_SECRET)


async def posted(body: bytes, headers: dict[str, str], method: str) -> Answer:
    writer = Writer()
    writer.start()
    try:
        return await call(resend_endpoint(writer), method, headers=headers, body=body)
    finally:
        await writer.close()


def post(body: bytes = BOUNCE, headers: dict[str, str] | None = None, method: str = "POST") -> tuple[int, Any]:
    answer = run(posted(body, signed_headers(body) if headers is None else headers, method))
    return answer.status, answer.json()


def test_a_signed_call_holds_its_address_back() -> None:
    make_wishes(make_customer("a"))

    assert post() == (200, {"ok": True})

    assert [each.address for each in Suppression.objects.all()] == ["anna@example.hu"]


def test_a_replay_is_refused_and_a_repetition_is_not() -> None:
    now = time.time()
    headers = signed_headers(BOUNCE, at=now)
    post(headers=headers)

    assert post(headers=headers) == (409, {"ok": False, "error": "This call was taken already"})
    assert post(headers=signed_headers(BOUNCE, at=now + 2)) == (200, {"ok": True, "repeated": True})
    assert Call.objects.count() == 1


@pytest.mark.parametrize("seconds", [-301, 302])
def test_a_call_of_another_time_is_refused(seconds: int) -> None:
    status, answer = post(headers=signed_headers(BOUNCE, at=time.time() + seconds))

    assert (status, answer["error"]) == (401, "The signature is more than 5 minutes away from the hub's clock")
    assert Call.objects.count() == 0


@pytest.mark.parametrize("missing", ["svix-id", "svix-timestamp", "svix-signature"])
def test_a_call_without_a_header_is_refused(missing: str) -> None:
    headers = {name: value for name, value in signed_headers(BOUNCE).items() if name != missing}

    assert post(headers=headers)[0] == 401


def test_another_secret_or_body_is_refused_before_anything_is_read() -> None:
    assert post(headers=signed_headers(BOUNCE, secret="whsec_AAAA"))[0] == 401
    assert post(b"{", signed_headers(BOUNCE))[0] == 401
    assert post(b"{") == (400, {"ok": False, "error": post(b"{", signed_headers(b"{", call_id="msg_2"))[1]["error"]})


def test_an_id_that_is_too_long_is_refused() -> None:
    assert post(headers=signed_headers(BOUNCE, call_id="m" * 65))[0] == 401
    assert post(headers=signed_headers(BOUNCE, call_id="m" * 64))[0] == 200


@pytest.mark.parametrize("document", [b"[]", b"null", b"5", b'"x"', b"NaN", b'{"data":' * 70 + b"1" + b"}" * 70])
def test_what_is_no_object_is_answered_plainly(document: bytes) -> None:
    assert post(document)[0] == 400


def test_unknown_news_is_taken_so_that_it_does_not_come_again() -> None:
    assert post(b'{"type": "contact.created", "data": 7}') == (200, {"ok": True})


def test_limits_hold_before_the_signature() -> None:
    body = b"x" * (MAX_BODY_BYTES + 1)

    assert post(body)[0] == 413
    assert post(method="GET")[0] == 405


def test_without_a_secret_there_is_nothing_here(notifications: SetUp) -> None:
    notifications(resend_webhook_secret="")

    assert post() == (404, {"ok": False, "error": "notifications.resend_webhook_secret is not set"})
