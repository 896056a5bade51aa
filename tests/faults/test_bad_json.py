"""Bodies that are damaged, deep, huge or odd: the right status in the one shape, a small log, and never a 500."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator

import pytest
import zstandard
from tests.servers.clients import Answer
from tests.servers.hub import API_KEY, Hub

REPORT, EVENT = "/api/v1/report", "/api/v1/event"
MIB = 1024 * 1024
# A warning of one line, and no traceback.
LOG_BYTES_A_REQUEST = 400


def body(members: bytes = b"", customer_id: bytes = b"bad-json") -> bytes:
    return b'{"customer_id": "%b", "event_type": "test"%b}' % (customer_id, b", " + members if members else b"")


def nested(levels: int) -> bytes:
    """A document that is so many levels deep, itself included."""
    return body(b'"a": ' + b"[" * (levels - 1) + b"]" * (levels - 1))


WHOLE = body(b'"system": {"cpu_percent": 7.5}')
MANY_DIGITS = b"9" * 400

# What is read of a report and of an event alike.
READ = {
    "64 levels": nested(64),
    "a number beyond a double": body(b'"system": {"cpu_percent": 1e999, "memory_percent": -1e999}'),
    "an integer of 400 digits": body(b'"system": {"cpu_percent": %b}, "version": -%b' % (MANY_DIGITS, MANY_DIGITS)),
    "a fraction of 400 digits": body(b'"system": {"cpu_percent": 0.%b}' % MANY_DIGITS),
    "lone surrogates": body(rb'"customer_name": "\ud800", "message": "\udfff\ud800", "\udc00": "\udc00"'),
    "NULs": body(rb'"customer_name": "a\u0000b", "message": "\u0000", "source": "\u0000", "\u0000": "\u0000"'),
    "a NUL in every telemetry text": body(
        rb'"app_telemetry": [{"app_name": "\u0000a", "display_name": "\u0000", "top_issues": [{"message": "\u0000m",'
        rb' "fingerprint": "\u0000", "container_name": "\u0000", "severity": "\u0000"}]}],'
        rb' "controller_version": "\u0000", "controller_url": "\u0000", "config_hash": "\u0000",'
        rb' "health": {"status": "fail", "issues": ["\u0000", "a\u0000"]}'
    ),
    "keys that stand twice": body(b'"system": {"cpu_percent": 1, "cpu_percent": 2}, "system": {"cpu_percent": "x"}'),
    "blanks around": b" \r\n\t" + WHOLE + b"\n" * 1000,
    "a text of 100,000 letters": body(b'"customer_name": "%b"' % (b"a" * 100_000)),
}
# What is refused, with its status.
REFUSED = {
    "nothing": (400, b""),
    "half": (400, WHOLE[:-10]),
    "half a text": (400, b'{"customer_id": "bad'),
    "65 levels": (400, nested(65)),
    "100,000 levels": (400, nested(100_000)),
    "100,000 levels that never end": (400, b'{"a":' + b"[" * 99_999),
    "levels of both kinds that never end": (400, b'{"a":[' * 40_000),
    "NaN": (400, body(b'"a": NaN')),
    "Infinity": (400, body(b'"a": [Infinity, -Infinity]')),
    "bytes that are no UTF-8": (400, body(b'"customer_name": "\xff\xfe"')),
    "UTF-16": (400, WHOLE.decode().encode("utf-16")),
    "a byte order mark": (400, b"\xef\xbb\xbf" + WHOLE),
    "a raw NUL": (400, WHOLE + b"\x00"),
    "a control character in a text": (400, body(b'"a": "\n"')),
    "two documents": (400, WHOLE + WHOLE),
    "a trailing comma": (400, WHOLE[:-1] + b",}"),
    "single quotes": (400, WHOLE.replace(b'"', b"'")),
    "a list": (400, b"[%b]" % WHOLE),
    "a text": (400, json.dumps(WHOLE.decode()).encode()),
    "null": (400, b"null"),
    "no customer": (400, b'{"event_type": "test"}'),
    "a customer that is null": (400, b'{"customer_id": null}'),
    "a customer that is a number": (422, b'{"customer_id": 7}'),
    "a customer that is a list": (422, b'{"customer_id": ["bad-json"]}'),
    "an empty customer": (422, body(customer_id=b"")),
    "a customer with a NUL": (422, body(customer_id=rb"bad\u0000json")),
    "a customer with a line break": (422, body(customer_id=rb"bad-json\n")),
    "a customer with letters of elsewhere": (422, body(customer_id="kovács".encode())),
    "a customer that leads upwards": (422, body(customer_id=b"../etc/passwd")),
    "a customer of 129 letters": (422, body(customer_id=b"a" * 129)),
}
ENCODED = {
    "gzip": (200, "gzip", gzip.compress(WHOLE)),
    "gzip in two members": (200, "gzip", gzip.compress(WHOLE[:20]) + gzip.compress(WHOLE[20:])),
    "zstd": (200, "zstd", zstandard.compress(WHOLE)),
    "zstd in two frames": (200, "zstd", zstandard.compress(WHOLE[:20]) + zstandard.compress(WHOLE[20:])),
    "identity": (200, "identity", WHOLE),
    "upper case": (200, "GZIP", gzip.compress(WHOLE)),
    "gzip that is not": (400, "gzip", WHOLE),
    "zstd that is not": (400, "zstd", WHOLE),
    "gzip cut short": (400, "gzip", gzip.compress(WHOLE * 100)[:-20]),
    "gzip without its check": (400, "gzip", gzip.compress(WHOLE)[:-8]),
    "gzip with a wrong check": (400, "gzip", gzip.compress(WHOLE)[:-8] + bytes(8)),
    "gzip with rubbish behind": (400, "gzip", gzip.compress(WHOLE) + b"rubbish"),
    "zstd cut short": (400, "zstd", zstandard.compress(WHOLE * 100)[:-5]),
    "zstd cut short behind a whole document": (400, "zstd", zstandard.compress(WHOLE + b" " * 500_000)[:-6]),
    "zstd with rubbish behind": (400, "zstd", zstandard.compress(WHOLE) + b"rubbish"),
    "gzip of nothing": (400, "gzip", gzip.compress(b"")),
    "nothing at all": (400, "gzip", b""),
    "deflate": (415, "deflate", zlib.compress(WHOLE)),
    "br": (415, "br", WHOLE),
    "two at once": (415, "gzip, gzip", gzip.compress(gzip.compress(WHOLE))),
    "rubbish": (415, "\xff'; DROP TABLE", WHOLE),
}


@pytest.fixture(autouse=True)
def _watched(hub: Hub) -> Iterator[None]:
    """Whatever comes in, the log grows by a line at most and tells no key."""
    before = hub.log_bytes
    yield
    assert hub.log_bytes - before < LOG_BYTES_A_REQUEST * 3
    assert API_KEY not in hub.log
    assert "Traceback" not in hub.log


def check_refusal(answer: Answer, status: int) -> None:
    assert answer.status == status, answer.body
    assert answer.document == {"ok": False, "error": answer.document["error"]}
    assert 10 < len(answer.document["error"]) < 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("path", [REPORT, EVENT])
@pytest.mark.parametrize("case", READ)
def test_odd_json_is_read(hub: Hub, case: str, path: str) -> None:
    assert hub.post(path, READ[case]).document == {"ok": True}


@pytest.mark.parametrize("path", [REPORT, EVENT])
@pytest.mark.parametrize("case", REFUSED)
def test_bad_json_is_refused_plainly(hub: Hub, case: str, path: str) -> None:
    status, sent = REFUSED[case]

    check_refusal(hub.post(path, sent), status)


@pytest.mark.parametrize("case", ENCODED)
def test_encoded_body_is_read_or_refused_plainly(hub: Hub, case: str) -> None:
    status, encoding, sent = ENCODED[case]

    answer = hub.post(REPORT, sent, content_encoding=encoding)

    if status == 200:
        assert answer.document == {"ok": True}
    else:
        check_refusal(answer, status)


@pytest.mark.parametrize(("path", "limit"), [(REPORT, 4 * MIB), (EVENT, 256 * 1024)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_limit_holds_to_the_byte_expanded_or_not(
    hub: Hub, path: str, limit: int, pack: Callable[[bytes], bytes]
) -> None:
    encoding = {bytes: "identity", gzip.compress: "gzip", zstandard.compress: "zstd"}[pack]
    exact = WHOLE + b" " * (limit - len(WHOLE))

    assert hub.post(path, pack(exact), content_encoding=encoding).status == 200
    check_refusal(hub.post(path, pack(exact + b" "), content_encoding=encoding), 413)


def test_reports_that_were_read_are_there_to_be_read_again(hub: Hub) -> None:
    """Whichever was the last one: each of them was stored as it came."""
    for sent in READ.values():
        hub.post(REPORT, sent)
        shown = hub.get("/api/v1/customers/bad-json")
        assert shown.status == 200
        assert json.loads(shown.body)["report"].keys() >= {"customer_id", "event_type"}
    for path in ("/api/v1/customers", "/api/v1/customers/bad-json/history?period=24h"):
        assert hub.get(path).document["ok"] is True
    assert hub.get("/").status < 500
