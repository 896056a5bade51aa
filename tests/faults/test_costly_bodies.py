"""Bodies made to cost the hub more than they cost their sender: time that grows faster than they do, or memory."""

import asyncio
import contextlib
import gzip
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import zstandard
from tests.servers.clients import Talk, request_bytes, talk
from tests.servers.hub import API_KEY, Hub

REPORT = "/api/v1/report"
MIB = 1024 * 1024
MOST = 4 * MIB - 200  # of filling, so that the report around it is still taken


def report_with(member: bytes) -> bytes:
    return b'{"customer_id": "costly", %b}' % member


def filled(piece: bytes, size: int = MOST) -> bytes:
    return b",".join([piece] * (size // (len(piece) + 1)))


EMPTY_MEMBER = gzip.compress(b"", mtime=0)
# Each of these once took minutes to hours, or is of the kind that does where a reader is careless.
COSTLY = {
    "blanks behind a number": (200, report_with(b'"system": {"cpu_percent": "1%bx"}' % (b" " * MOST)), None),
    "escaped quotes without end": (
        400,
        report_with(b'"a": [%b], "b": "%b' % (b"[]," * 99, b'\\"' * 2_000_000)),
        None,
    ),
    "quotes": (200, report_with(b'"a": [%b, %b]' % (filled(b'""', MOST - 400), filled(b"[]", 300))), None),
    "lists, 60 deep": (200, report_with(b'"a": [%b]' % filled(b"[" * 60 + b"]" * 60)), None),
    "lists without end": (400, report_with(b'"a": %b' % (b"[" * MOST)), None),
    "lists, side by side": (200, report_with(b'"app_telemetry": [%b]' % filled(b"[]")), None),
    "apps of one name": (200, report_with(b'"app_telemetry": [%b]' % filled(b'{"app": "a"}')), None),
    "log issues of as many containers": (
        200,
        report_with(
            b'"app_telemetry": [{"app": "a", "issues": [%b]}]'
            % b",".join(b'{"text": "a", "container": "%x"}' % number for number in range(110_000))
        ),
        None,
    ),
    "digits": (200, report_with(b'"a": %b' % (b"9" * MOST)), None),
    "digits behind a point": (200, report_with(b'"system": {"cpu_percent": 0.%b}' % (b"9" * MOST)), None),
    "colons in a time": (200, report_with(b'"timestamp": "%b"' % (b"2026-02-25T08:15:00." + b"1" * MOST)), None),
    "drives": (200, report_with(b'"storage": [%b]' % filled(b'{"percent": 1}')), None),
    "members": (200, report_with(b'"storage": {%b}' % filled(b'"a":{"b":1}')), None),
    "gzip members without content": (400, EMPTY_MEMBER * (MOST // len(EMPTY_MEMBER)), "gzip"),
}


@pytest.mark.parametrize("case", COSTLY)
def test_costly_body_is_answered_soon(hub: Hub, case: str) -> None:
    status, body, encoding = COSTLY[case]
    encodings = {} if encoding is None else {"content_encoding": encoding}

    heard = talk(hub.port, request_bytes("POST", REPORT, body, key=API_KEY, **encodings), seconds=60)

    assert heard.statuses == [status]


def bombs() -> dict[str, tuple[str, bytes]]:
    """128 MiB of zeros each, a few kilobytes on the wire."""
    zeros = bytes(128 * MIB)
    sizeless = zstandard.ZstdCompressionParameters.from_level(3, write_content_size=0)
    return {
        "gzip": ("gzip", gzip.compress(zeros, compresslevel=1)),
        "zstd": ("zstd", zstandard.ZstdCompressor(level=3).compress(zeros)),
        "zstd that hides its size": ("zstd", zstandard.ZstdCompressor(compression_params=sizeless).compress(zeros)),
    }


def test_bombs_are_refused_in_bounded_memory(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub()  # what the tests above have stored is read by a job, in memory of its own
    hub.start()
    hub.reset_peak()
    before = hub.rss_bytes

    for encoding, bomb in bombs().values():
        heard = at_once(40, hub.port, request_bytes("POST", REPORT, bomb, key=API_KEY, content_encoding=encoding))
        assert Counter(each.statuses[0] for each in heard) == {413: 40}

    assert hub.peak_rss_bytes - before < 64 * MIB


def test_small_bodies_that_expand_to_many_objects_are_not_kept_as_objects(hub: Hub) -> None:
    """4 MiB of empty lists come as 8 KB and would be 100 MB in Python, each time."""
    body = gzip.compress(report_with(b'"app_telemetry": [%b]' % filled(b"[]")), compresslevel=1)
    request = request_bytes("POST", REPORT, body, key=API_KEY, content_encoding="gzip")
    hub.reset_peak()
    before = hub.rss_bytes

    heard = at_once(12, hub.port, request)

    assert Counter(each.statuses[0] for each in heard).keys() <= {200, 503}
    assert hub.peak_rss_bytes - before < 300 * MIB


def test_three_hundred_large_bodies_at_once_are_refused_or_stored_in_bounded_memory(hub: Hub) -> None:
    large = report_with(b'"padding": "%b"' % (b"x" * MOST))
    hub.reset_peak()
    before = hub.rss_bytes

    statuses, honest = asyncio.run(send_together(hub.port, large, 300))

    assert statuses.keys() <= {200, 503}
    assert statuses.total() == 300
    assert honest == 200
    assert hub.peak_rss_bytes - before < 300 * MIB


async def send_together(port: int, body: bytes, clients: int) -> tuple[Counter[int], int]:
    """The statuses of so many requests, all of them sent but for a byte before the first ends, and of a small one."""
    request = request_bytes("POST", REPORT, body, key=API_KEY)
    everybody = asyncio.Barrier(clients + 1)

    async def send_one() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.closing(writer):
            writer.write(request[:-1])
            await writer.drain()
            await everybody.wait()
            writer.write(request[-1:])
            return await status_of(reader)

    sending = [asyncio.create_task(send_one()) for _ in range(clients)]
    await everybody.wait()
    ordinary = request_bytes("POST", REPORT, b'{"customer_id": "honest"}', key=API_KEY)
    heard = await asyncio.to_thread(talk, port, ordinary)
    return Counter(await asyncio.gather(*sending)), heard.statuses[0]


async def status_of(reader: asyncio.StreamReader) -> int:
    return int((await reader.readuntil(b"\r\n")).split()[1])


def at_once(times: int, port: int, request: bytes) -> list[Talk]:
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda _: talk(port, request, seconds=100), range(times)))
