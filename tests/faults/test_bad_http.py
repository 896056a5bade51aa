"""What is hardly HTTP, or not at all: false lengths, bad chunks, odd headers and methods, rubbish."""

import contextlib
import random
import socket
from collections.abc import Iterator

import pytest
from tests.servers.clients import chunked, request_bytes, talk
from tests.servers.hub import API_KEY, Hub

REPORT, EVENT = "/api/v1/report", "/api/v1/event"
BODY = b'{"customer_id": "bad-http"}'
GOOD = request_bytes("POST", REPORT, BODY, key=API_KEY)
LENGTH = b"content-length: %d" % len(BODY)
NOT_HTTP = {"ok": False, "error": "This is not HTTP/1.1"}


@pytest.fixture(autouse=True)
def _watched(hub: Hub) -> Iterator[None]:
    """The log grows by little and tells no key; the hub goes on."""
    before = hub.log_bytes
    yield
    assert hub.log_bytes - before < 1000
    assert API_KEY not in hub.log
    assert "Traceback" not in hub.log
    assert talk(hub.port, GOOD).statuses == [200]


def changed(*pairs: tuple[bytes, bytes]) -> bytes:
    """The good request with each first piece replaced by the second."""
    request = GOOD
    for old, new in pairs:
        assert old in request
        request = request.replace(old, new, 1)
    return request


def with_chunks(body: bytes) -> bytes:
    return changed((LENGTH, b"transfer-encoding: chunked"), (BODY, body))


# One answer, after which the connection goes on: what follows is not taken for something else.
TAKEN = {
    "chunks": with_chunks(chunked(BODY, 5)),
    "chunks of one byte": with_chunks(chunked(BODY, 1)),
    "chunks with extensions": with_chunks(b'%x;a=b;c="d"\r\n%b\r\n0\r\n\r\n' % (len(BODY), BODY)),
    "chunks with trailers": with_chunks(chunked(BODY, 9)[:-2] + b"x-trailer: content-length: 5\r\n\r\n"),
    "upper-case names": changed((b"content-length", b"CONTENT-LENGTH"), (b"authorization", b"AUTHORIZATION")),
    "the whole address": changed((b"/api", b"http://127.0.0.1/api")),
    "a query": changed((b"report ", b"report?x=%FF&y=" + b"z" * 999 + b" ")),
    "expecting to be told to go on": changed((LENGTH, LENGTH + b"\r\nexpect: 100-continue")),
    "an old-fashioned content type": changed((LENGTH, LENGTH + b"\r\ncontent-type: text/plain; charset=utf-16")),
    "a thousand small headers": changed((LENGTH, LENGTH + b"".join(b"\r\nx-%d: y" % n for n in range(1000)))),
    "no host": changed((b"host: 127.0.0.1\r\n", b"")),
    "a strange host": changed((b"host: 127.0.0.1", b"host: a b/../c")),
}


@pytest.mark.parametrize("case", TAKEN)
def test_unusual_request_is_taken_and_the_next_one_on_its_connection_too(hub: Hub, case: str) -> None:
    heard = talk(hub.port, TAKEN[case] + GOOD, answers=2)

    assert (heard.statuses, heard.ended) == ([200, 200], "open")


# Not HTTP, so there is nothing to go on with: one answer and the end.
BROKEN = {
    "rubbish": random.Random(1).randbytes(2000),
    "a TLS hello": bytes.fromhex("16030100a5010000a10303") + bytes(160),
    "HTTP/2 at once": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a negative length": changed((LENGTH, b"content-length: -1")),
    "a length with a sign": changed((LENGTH, b"content-length: +%d" % len(BODY))),
    "a length in hex": changed((LENGTH, b"content-length: 0x1b")),
    "a length beyond 64 bits": changed((LENGTH, b"content-length: 99999999999999999999999")),
    "two different lengths": changed((LENGTH, LENGTH + b"\r\ncontent-length: 5")),
    "length and chunks": changed((LENGTH, LENGTH + b"\r\ntransfer-encoding: chunked"), (BODY, chunked(BODY, 9))),
    "an unknown transfer encoding": changed((LENGTH, b"transfer-encoding: gzip, chunked, identity")),
    "a chunk size that is no number": with_chunks(b"zz\r\n%b\r\n0\r\n\r\n" % BODY),
    "a negative chunk size": with_chunks(b"-5\r\n%b\r\n0\r\n\r\n" % BODY),
    "a chunk size beyond 64 bits": with_chunks(b"fffffffffffffffff\r\n%b\r\n0\r\n\r\n" % BODY),
    "a chunk that is longer than it says": with_chunks(b"5\r\n%b\r\n0\r\n\r\n" % BODY),
    "a line folded onto the next": changed((LENGTH, LENGTH + b"\r\n folded: yes")),
    "a blank in a header's name": changed((LENGTH, LENGTH + b"\r\nx y: z")),
    "a blank before the colon": changed((LENGTH, LENGTH.replace(b":", b" :"))),
    "a NUL in a header": changed((LENGTH, LENGTH + b"\r\nx: a\x00b")),
    "a lone CR in a header": changed((LENGTH, LENGTH + b"\r\nx: a\rcontent-length: 5")),
    "a method of small letters": changed((b"POST", b"post")),
    "a blank in the path": changed((b"/report", b"/re port")),
    "letters beyond ASCII in the path": changed((b"/report", "/jelentés".encode())),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_not_http_is_told_so_and_its_connection_ends(hub: Hub, case: str) -> None:
    heard = talk(hub.port, BROKEN[case] + b"\r\n\r\n" + GOOD, answers=3)

    assert (heard.statuses, heard.ended) == ([400], "closed")
    assert heard.answers[0].document == NOT_HTTP
    assert heard.answers[0].headers["content-type"] == "application/json; charset=utf-8"


def test_length_that_is_too_small_cuts_the_body_and_what_is_over_is_no_request(hub: Hub) -> None:
    heard = talk(hub.port, changed((LENGTH, b"content-length: 5")), answers=3)

    assert (heard.statuses, heard.ended) == ([400], "closed")
    assert heard.answers[0].document["error"].startswith("The body is not JSON")


def test_length_beyond_the_limit_is_refused_at_once(hub: Hub) -> None:
    heard = talk(hub.port, changed((LENGTH, b"content-length: 999999999999")))

    assert heard.statuses == [413]


@pytest.mark.parametrize("size", [70_000, 400_000])
def test_headers_that_are_too_large_are_told_so(hub: Hub, size: int) -> None:
    heard = talk(hub.port, changed((LENGTH, LENGTH + b"\r\nx: " + b"y" * size)))

    assert heard.statuses == [431]
    assert heard.answers[0].document == {"ok": False, "error": "The request's headers are larger than 64 KiB"}


def test_path_that_is_too_long_is_refused(hub: Hub) -> None:
    heard = talk(hub.port, changed((b"/report", b"/report" + b"x" * 70_000)))

    assert heard.statuses == [400]
    assert heard.answers[0].document["ok"] is False


@pytest.mark.parametrize("path", [REPORT, EVENT])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_intake_takes_post_only(hub: Hub, method: str, path: str) -> None:
    answer = hub.request(method, path)

    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    if method != "HEAD":
        assert answer.document == {"ok": False, "error": f"{method} is not possible here; use POST"}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/livez", "/readyz", "/healthz", "/metrics", "/api/v1/customers"])
def test_what_is_read_only_refuses_other_methods_in_the_same_shape(hub: Hub, path: str, method: str) -> None:
    answer = hub.request(method, path, b"x" * 1000)

    assert answer.status == 405
    assert answer.document["ok"] is False


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", f"{REPORT}/", f"{REPORT}/x", "/api//"])
def test_what_there_is_not_is_told_in_the_same_shape(hub: Hub, path: str) -> None:
    answer = hub.post(path, BODY)

    assert answer.status == 404
    assert answer.document["ok"] is False


@pytest.mark.parametrize("name", ["%00", "a%00b", "%ff%fe", "..", "%2e%2e%2fetc", "a" * 3000, "%ED%A0%80", "a%0d%0ab"])
@pytest.mark.parametrize("form", ["/api/v1/customers/{}", "/api/v1/customers/{}/history", "/api/v1/customers?q={}"])
def test_odd_names_in_paths_and_queries_are_found_nowhere(hub: Hub, form: str, name: str) -> None:
    answer = hub.get(form.format(name))

    assert answer.status in (200, 400, 404)
    assert answer.document["ok"] is (answer.status == 200)


@pytest.mark.parametrize(
    "query", ["cursor=%00", "cursor=%ff", "limit=%00", "limit=-1", "limit=1e9", "status=%00", "q=%00"]
)
def test_odd_queries_are_read_or_refused_plainly(hub: Hub, query: str) -> None:
    answer = hub.get(f"/api/v1/customers?{query}")

    assert answer.status in (200, 400, 422)
    assert answer.document["ok"] is (answer.status == 200)


@pytest.mark.parametrize("key", ["", "x", "x" * 60_000, "é\xff", "a b c", f"{API_KEY} ", f"{API_KEY}x", "%00"])
def test_odd_keys_are_nobodys(hub: Hub, key: str) -> None:
    answer = hub.post(REPORT, BODY, key=key)

    if key.strip() == API_KEY:
        assert answer.status == 200
    else:
        assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.document["ok"] is False
        assert len(answer.body) < 200


@pytest.mark.parametrize("upgrade", ["websocket", "h2c", "rubbish"])
def test_upgrade_is_not_offered_and_the_request_is_answered(hub: Hub, upgrade: str) -> None:
    request = request_bytes("GET", "/livez", connection="upgrade", upgrade=upgrade)

    assert talk(hub.port, request).statuses == [200]


def test_a_hundred_requests_in_one_packet_are_all_answered_in_order(hub: Hub) -> None:
    wrong = request_bytes("POST", REPORT, BODY, key="wrong")

    heard = talk(hub.port, (GOOD + wrong) * 50, answers=100)

    assert (heard.statuses, heard.ended) == ([200, 401] * 50, "open")


def test_rubbish_behind_a_request_does_not_take_its_answer_away(hub: Hub) -> None:
    heard = talk(hub.port, GOOD + b"\x00rubbish\r\n\r\n", answers=3)

    assert heard.statuses[0] == 200
    assert heard.ended == "closed"


@pytest.mark.parametrize("end", ["reset", "close"])
def test_clients_that_leave_without_a_word_leave_nothing_behind(hub: Hub, end: str) -> None:
    before = hub.open_files
    for length in (0, 10, len(GOOD) - 5, len(GOOD)):
        for _ in range(20):
            with contextlib.closing(socket.create_connection(("127.0.0.1", hub.port))) as connection:
                connection.sendall(GOOD[:length])
                if end == "reset":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    hub.wait_until(lambda: hub.open_files <= before + 2, "the sockets are closed")
