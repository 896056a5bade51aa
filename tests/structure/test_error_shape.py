"""One error shape for every endpoint: `{"ok": false, "error": "<a sentence>"}`, whatever is wrong with the request."""

import gzip
import http.client
import json

import pytest
from tests.servers.clients import Answer
from tests.servers.hub import API_KEY
from tests.structure.callers import OWN, Site
from tests.structure.routes import api_paths
from tests.structure.test_access import DOORS, FROM_AFAR, MATRIX, METHODS, NAMES

API = [(method, route) for method, route in MATRIX if route in api_paths()]
KEYED = [(method, route) for method, route in API if MATRIX[method, route][0] == 401]
# Of what is signed nothing is read before its signature: tests/notify/test_provider_intake.py.
TAKING = [(method, route) for method, route in API if method == "POST" and 200 in MATRIX[method, route]]

KEY = (("Authorization", f"Bearer {API_KEY}"),)
STRANGE_KEYS = ["", "Bearer", "Bearer ", "Basic YTpi", "bearer\tx", f"Bearer {API_KEY} x", "Bearer é", "x" * 8000]
GARBAGE = {
    "nothing": b"",
    "no JSON": b"\x00\xff{",
    "no object": b"[1]",
    "no customer": b"{}",
    "an impossible customer": b'{"customer_id": "a/b", "event_type": "test"}',
    "a customer of another type": b'{"customer_id": 7, "event_type": "test"}',
    "NaN": b'{"customer_id": NaN}',
    "deep": b'{"customer_id": ' + b"[" * 500 + b"]" * 500 + b"}",
}
REFUSED = {
    "nothing": 400, "no JSON": 400, "no object": 400, "no customer": 400, "NaN": 400, "deep": 400,
    "an impossible customer": 422, "a customer of another type": 422,
}  # fmt: skip


def refusal_of(answer: Answer) -> tuple[int, str]:
    """Status and sentence of an answer, which must be a refusal in the one shape."""
    assert answer.headers["content-type"].partition(";")[0] == "application/json", answer
    document = answer.document
    assert set(document) == {"ok", "error"}, document
    assert document["ok"] is False
    sentence: str = document["error"]
    first, *others = sentence.split()
    assert others
    # It begins as a sentence does, or with the name of a member.
    assert (
        first[0].isupper() or "_" in first or first in {"status", "limit", "period", "severity", "cursor", "version"}
    ), sentence
    return answer.status, sentence


@pytest.mark.parametrize("route", sorted({route for _, route in API}))
def test_wrong_methods_are_refused_in_the_one_shape_and_told_the_right_ones(site: Site, route: str) -> None:
    path = route.format(customer_id=OWN, **NAMES)
    for method in METHODS:
        if (method, route) not in MATRIX:
            answer = site.hub.request(method, path, key=API_KEY)

            assert refusal_of(answer)[0] == 405
            allowed = {each.strip() for each in answer.headers["allow"].split(",")}
            assert {each for each, of_route in API if of_route == route} <= allowed <= {"GET", "HEAD", "POST"}


@pytest.mark.parametrize(("method", "route"), KEYED)
def test_missing_and_strange_keys_are_refused_in_the_one_shape(site: Site, method: str, route: str) -> None:
    path = route.format(customer_id=OWN, **NAMES)
    nobody = site.callers["nobody"]
    if route in DOORS:
        site.unlock(OWN)
    plain = site.call(nobody, method, path, None, FROM_AFAR)
    strange = [
        site.call(nobody, method, path, None, (*FROM_AFAR, ("Authorization", written))) for written in STRANGE_KEYS
    ]

    for answer in (plain, *strange):
        assert refusal_of(answer)[0] == 401
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "route"), TAKING)
@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_is_refused_in_the_one_shape(site: Site, method: str, route: str, what: str) -> None:
    answer = site.hub.request(method, route, GARBAGE[what])

    assert refusal_of(answer)[0] == REFUSED[what]


@pytest.mark.parametrize(("method", "route"), TAKING)
@pytest.mark.parametrize(("encoding", "status"), [("br", 415), ("gzip, zstd", 415), ("gzip", 400), ("zstd", 400)])
def test_unreadable_encodings_are_refused_in_the_one_shape(
    site: Site, method: str, route: str, *, encoding: str, status: int
) -> None:
    answer = site.hub.request(method, route, b"{}", Content_Encoding=encoding)

    assert refusal_of(answer)[0] == status


@pytest.mark.parametrize(("method", "route"), TAKING)
def test_too_large_a_body_is_refused_in_the_one_shape(site: Site, method: str, route: str) -> None:
    answer = site.hub.request(method, route, b" " * (5 * 1024 * 1024))
    if route == "/api/v1/infra-backup":  # which takes 16 MiB
        assert refusal_of(answer)[0] == 400
        body = gzip.compress(b" " * (17 * 1024 * 1024))
        answer = site.hub.request(method, route, body, Content_Encoding="gzip")

    assert refusal_of(answer)[0] == 413


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/customers?status=SLEEPY", 422),
        ("/api/v1/customers?limit=0", 422),
        ("/api/v1/customers?limit=many", 422),
        ("/api/v1/customers?limit=1001", 422),
        ("/api/v1/customers/nobody-of-this-name", 404),
        ("/api/v1/customers/nobody-of-this-name/history", 404),
        (f"/api/v1/customers/{OWN}/history?period=1y", 422),
        ("/api/v1/infra-backup/nobody-of-this-name", 404),
        (f"/api/v1/infra-backup/{OWN}?version=0", 422),
        (f"/api/v1/infra-backup/{OWN}?version=999999", 404),
        ("/api/v1/customers/%00", 404),
        ("/api/v1/customers/%FF%FE", 404),
        ("/api/v1/nothing-of-this-name", 404),
        ("/api/v1/report/", 404),
        ("/api/", 404),
    ],
)
def test_impossible_questions_are_refused_in_the_one_shape(site: Site, path: str, status: int) -> None:
    assert refusal_of(site.hub.get(path))[0] == status


STRANGE_VALUES = ["", "%00", "a%00b", "%ED%A0%80", "%FF", "%F0%9F%92%A9", "x" * 5000, "-1", "1e9", "%27%22%3B--", "NaN"]


@pytest.mark.parametrize("parameter", ["status", "q", "limit", "cursor", "period", "of-no-meaning"])
@pytest.mark.parametrize("value", STRANGE_VALUES, ids=range(len(STRANGE_VALUES)))
def test_strange_questions_are_answered_or_refused_in_the_one_shape(site: Site, parameter: str, value: str) -> None:
    for path in ("/api/v1/customers", f"/api/v1/customers/{OWN}", f"/api/v1/customers/{OWN}/history"):
        answer = site.hub.get(f"{path}?{parameter}={value}")

        assert answer.status == 200 or refusal_of(answer)[0] == 422


@pytest.mark.parametrize("value", ["%00", "a%00b", "%FF", "%ED%A0%80", "x" * 5000, "..", "a%2Fb", "%F0%9F%92%A9"])
def test_strange_ids_are_nobodys(site: Site, value: str) -> None:
    for path in (f"/api/v1/customers/{value}", f"/api/v1/customers/{value}/history"):
        assert refusal_of(site.hub.get(path))[0] == 404


@pytest.mark.parametrize("value", ["%00", "a%00b", "%FF", "x" * 5000, "%F0%9F%92%A9", "nobody-of-this-name"])
def test_strange_ids_have_no_page(site: Site, value: str) -> None:
    answer = site.call(site.callers["operator"], "GET", f"/customers/{value}")

    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_body_for_a_reading_route_does_no_harm(site: Site) -> None:
    answer = site.hub.request("GET", "/api/v1/customers", b"\x00" * 100_000)

    assert answer.status == 200


@pytest.mark.parametrize("route", sorted({route for _, route in API if not route.startswith("/metrics")}))
def test_no_refusal_repeats_the_key(site: Site, route: str) -> None:
    secret = "a-key-that-must-not-be-repeated"

    answer = site.hub.request(
        "POST", route.format(customer_id=OWN, **NAMES), json.dumps({"customer_id": secret}).encode(), key=secret
    )

    assert secret not in answer.body.decode()
    assert secret not in site.hub.log


def test_too_large_headers_are_refused_in_the_one_shape(site: Site) -> None:
    answer = site.hub.request("GET", "/api/v1/customers", X_Long="x" * 70_000)

    assert refusal_of(answer)[0] == 431


def test_what_is_no_http_gets_400_and_its_end(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.hub.port, timeout=30)
    connection.connect()
    connection.sock.sendall(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
    received = connection.sock.recv(65536)
    rest = connection.sock.recv(65536)
    connection.close()

    assert (received.split(b" ")[1], rest) == (b"400", b"")
