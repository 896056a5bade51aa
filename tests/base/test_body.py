import gzip
import zlib
from collections.abc import Sequence
from typing import Any

import pytest
import zstandard
from tests.asgi import GONE, parts_of, receiving, run, scope_of

from felhom_hub.base.body import read_body
from felhom_hub.base.endpoint import ClientGoneError, Message
from felhom_hub.base.errors import ApiError, BadRequest, TooLarge, UnsupportedEncoding

LIMIT = 1000
BODY = b'{"customer_id": "kovacs-peter"}'


def read(messages: Sequence[Message], limit: int = LIMIT, **headers: str) -> bytes:
    scope = scope_of("POST", headers={name.replace("_", "-"): value for name, value in headers.items()})
    return run(read_body(scope, receiving(messages), limit=limit))


def zstd(body: bytes, **options: Any) -> bytes:
    return zstandard.ZstdCompressor(**options).compress(body)


@pytest.mark.parametrize(
    "chunks",
    [[BODY], [BODY[:5], BODY[5:]], [bytes([byte]) for byte in BODY], [b"", BODY, b""], [b""], [b"x" * LIMIT]],
)
def test_a_body_comes_whole_in_whatever_pieces(chunks: list[bytes]) -> None:
    assert read(parts_of(chunks)) == b"".join(chunks)


@pytest.mark.parametrize("declared", ["0", "5", "1000", "-1", "abc", "٣", ""])
def test_a_false_length_that_is_not_too_large_changes_nothing(declared: str) -> None:
    with_declared = declared.encode().decode("latin-1")

    assert read(parts_of([BODY]), content_length=with_declared) == BODY


@pytest.mark.parametrize("declared", ["1001", "99999999999999999999999999"])
def test_a_length_that_is_too_large_is_believed_before_the_body_comes(declared: str) -> None:
    with pytest.raises(TooLarge):
        read([], content_length=declared)


@pytest.mark.parametrize("chunks", [[b"x" * (LIMIT + 1)], [b"x" * LIMIT, b"x"]])
def test_one_byte_too_many_is_refused(chunks: list[bytes]) -> None:
    with pytest.raises(TooLarge):
        read(parts_of(chunks))


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        (256 * 1024, "The body is larger than 256 KiB, its expanded form included"),
        (4 * 1024 * 1024, "The body is larger than 4 MiB, its expanded form included"),
    ],
)
def test_the_refusal_names_the_limit(limit: int, sentence: str) -> None:
    with pytest.raises(TooLarge) as caught:
        read([], limit, content_length=str(limit + 1))

    assert caught.value.sentence == sentence


def test_an_endless_body_is_read_up_to_the_limit_only() -> None:
    pieces = parts_of([b"x" * 400] * 1000)

    with pytest.raises(TooLarge):
        run(read_body(scope_of("POST"), receiving(pieces[:3]), limit=LIMIT))  # a fourth would say that the client left


@pytest.mark.parametrize("messages", [[GONE], [parts_of([b"{", b""])[0], GONE]])
def test_a_client_that_leaves_too_early_is_nobody_to_answer(messages: list[Message]) -> None:
    with pytest.raises(ClientGoneError):
        read(messages)


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        ("", BODY),
        ("identity", BODY),
        ("gzip", gzip.compress(BODY)),
        (" GZip ", gzip.compress(BODY)),
        ("x-gzip", gzip.compress(BODY)),
        ("gzip", gzip.compress(b"") * 63 + gzip.compress(BODY)),
        ("zstd", zstd(b"") * 63 + zstd(BODY)),
        ("gzip", gzip.compress(BODY[:7]) + gzip.compress(b"") + gzip.compress(BODY[7:])),
        ("gzip", b""),
        ("zstd", zstd(BODY)),
        ("ZSTD", zstd(BODY, write_content_size=False, write_checksum=True)),
        ("zstd", zstd(BODY[:7]) + zstd(BODY[7:])),
        ("zstd", b""),
    ],
)
def test_compressed_bodies_are_expanded(encoding: str, sent: bytes) -> None:
    assert read(parts_of([sent]), 10_000, content_encoding=encoding) == (BODY if sent else b"")


@pytest.mark.parametrize("encoding", ["br", "deflate", "compress", "gzip, gzip", "zstd;q=1", "rot13"])
def test_other_encodings_are_refused(encoding: str) -> None:
    with pytest.raises(UnsupportedEncoding) as caught:
        read(parts_of([BODY]), content_encoding=encoding)

    assert caught.value.sentence == "Content-Encoding is none of gzip, zstd"


@pytest.mark.parametrize(
    ("encoding", "sent", "sentence"),
    [
        ("gzip", BODY, "The body is not valid gzip"),
        ("gzip", zlib.compress(BODY), "The body is not valid gzip"),
        ("gzip", gzip.compress(BODY)[:-9], "The gzip body ends too early"),
        ("gzip", gzip.compress(BODY)[:-1], "The gzip body ends too early"),
        ("gzip", gzip.compress(BODY) + b"x", "The gzip body ends too early"),
        ("gzip", gzip.compress(BODY) + gzip.compress(BODY)[:20], "The gzip body ends too early"),
        ("gzip", gzip.compress(BODY)[:-8] + bytes(8), "The body is not valid gzip"),
        ("gzip", gzip.compress(b"") * 200_000, "The gzip body has more than 64 members"),
        ("zstd", zstd(b"") * 400_000, "The zstd body has more than 64 frames"),
        ("zstd", BODY, "The body is not valid zstd"),
        ("zstd", zstd(BODY)[:-1], "The zstd body ends too early"),
        ("zstd", zstd(BODY)[:6], "The zstd body ends too early"),
        ("zstd", zstd(BODY) + zstd(BODY)[:-1], "The zstd body ends too early"),
        ("zstd", zstd(BODY * 5000, level=1)[:-20], "The zstd body ends too early"),
        ("zstd", zstd(BODY) + b"garbage", "The body is not valid zstd"),
        ("zstd", zstd(BODY, write_checksum=True)[:-1] + b"\x00", "The body is not valid zstd"),
    ],
)
def test_damaged_bodies_are_refused(encoding: str, sent: bytes, sentence: str) -> None:
    with pytest.raises(BadRequest) as caught:
        read(parts_of([sent]), 4_194_304, content_encoding=encoding)

    assert caught.value.sentence == sentence


@pytest.mark.parametrize("size", [LIMIT, LIMIT + 1])
@pytest.mark.parametrize(("encoding", "compress"), [("gzip", gzip.compress), ("zstd", zstd)])
def test_the_limit_holds_for_the_expanded_form(encoding: str, compress: Any, size: int) -> None:
    sent = parts_of([compress(b"x" * size)])

    if size <= LIMIT:
        assert read(sent, content_encoding=encoding) == b"x" * size
    else:
        with pytest.raises(TooLarge):
            read(sent, content_encoding=encoding)


@pytest.mark.parametrize(
    ("encoding", "bomb"),
    [
        ("gzip", gzip.compress(bytes(50_000_000))),
        ("gzip", gzip.compress(bytes(9_000)) * 20),
        ("zstd", zstd(bytes(50_000_000))),
        ("zstd", zstd(bytes(50_000_000), write_content_size=False)),
        ("zstd", zstd(bytes(9_000)) * 20),
    ],
)
def test_a_bomb_is_refused(encoding: str, bomb: bytes) -> None:
    with pytest.raises(TooLarge):
        read(parts_of([bomb]), 100_000, content_encoding=encoding)


def test_a_frame_that_wants_a_huge_window_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    greedy = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    sent = greedy.compress(BODY) + greedy.flush()

    with pytest.raises(ApiError) as caught:
        read(parts_of([sent]), content_encoding="zstd")

    assert caught.value.sentence == "The body is not valid zstd"
