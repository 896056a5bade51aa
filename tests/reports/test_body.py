import base64
import os
import random
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from tests.build import report_body

from felhom_hub.reports.body import MAX_BODY_BYTES, digest_of, pack, pack_each, unpack

REPORT = (
    '{"version":1,"customer_id":"kovacs-peter","customer_name":"Kovács Péter","controller_version":"v0.30.0",'
    '"timestamp":"2026-02-25T08:15:00Z","health":{"status":"ok","issues":[],"warnings":[]},"system":{"cpu_percent":7.5,'
    '"memory_percent":61.2,"temperature_celsius":48.0,"disk_percent":41.0,"uptime_seconds":864000}}'
).encode()
# As it was packed by the first release. It has to be readable for ever: it lies in customers' databases.
STORED_V1 = base64.b85decode(
    "0bn`+4FUi&0RxlC%utz?jgOZFoe2>9m5doUhtdK*Ed5PC6LP5fE^c{+@h=(^J~K+L{9v0rEoo#VzwqdY`u7RUK1L9*"
)
STORED_RAW = b"\x00" + REPORT


@pytest.mark.parametrize("stored", [STORED_V1, STORED_RAW, memoryview(STORED_V1), bytearray(STORED_RAW)])
def test_what_was_stored_by_earlier_releases_can_be_read(stored: bytes) -> None:
    assert unpack(stored) == REPORT


def test_its_fingerprint_is_the_same_in_every_release() -> None:
    assert digest_of(REPORT) == 4_344_490_793_589_555_638


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"x",
        REPORT,
        report_body(),
        "Kovács Péter ☂ 😀".encode(),
        bytes(MAX_BODY_BYTES),
        b"ab" * (MAX_BODY_BYTES // 2),
        random.Random(1).randbytes(MAX_BODY_BYTES),
        random.Random(2).randbytes(2047),
        random.Random(3).randbytes(128 * 1024 + 1),
        zstandard.ZstdCompressor().compress(REPORT),
    ],
    ids=len,
)
def test_a_body_comes_back_byte_for_byte(body: bytes) -> None:
    assert unpack(pack(body)) == body


@given(st.binary(max_size=3000))
def test_any_bytes_come_back(body: bytes) -> None:
    assert unpack(pack(body)) == body


@given(st.lists(st.binary(max_size=300)))
def test_bodies_packed_together_are_packed_as_each_alone_is(bodies: list[bytes]) -> None:
    assert pack_each(bodies) == [pack(body) for body in bodies]


def test_large_and_small_bodies_may_be_packed_together() -> None:
    bodies = [b"", bytes(MAX_BODY_BYTES), REPORT, random.Random(1).randbytes(MAX_BODY_BYTES), REPORT * 1000]

    assert [unpack(packed) for packed in pack_each(bodies)] == bodies


def test_a_report_takes_a_fraction_of_its_length() -> None:
    assert len(pack(REPORT)) < len(REPORT) / 4


@pytest.mark.parametrize("size", [0, 1, 100, 100_000])
def test_what_cannot_be_compressed_takes_one_byte_more(size: int) -> None:
    body = os.urandom(size)

    assert pack(body) == b"\x00" + body


def test_threads_do_not_disturb_each_other() -> None:
    bodies = [report_body(customer_id=f"c{index}") * (1 + index % 30) for index in range(400)]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda body: unpack(pack(body)), bodies)) == bodies


@pytest.mark.parametrize("damaged", [STORED_V1[:-1], STORED_V1[:1], b"\x01" + REPORT, STORED_V1[:20] + b"\xff" * 20])
def test_damage_is_noticed(damaged: bytes) -> None:
    with pytest.raises(zstandard.ZstdError):
        unpack(damaged)


@pytest.mark.parametrize("size", [0, 1, 2046, 2047, 2048, 4094, 100_000])
def test_a_fingerprint_is_63_bits_of_blake2b(size: int) -> None:
    body = random.Random(size).randbytes(size)

    assert digest_of(body) == int.from_bytes(blake2b(body, digest_size=8).digest(), "big") >> 1
    assert digest_of(body) < 2**63
