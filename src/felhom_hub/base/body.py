"""Takes a request's body off the wire: bounded before and after decompression, whatever its headers claim."""

import zlib
from collections.abc import Callable

import zstandard

from felhom_hub.base.budget import count_memory
from felhom_hub.base.endpoint import ClientGoneError, Receive, Scope, header
from felhom_hub.base.errors import BadRequest, TooLarge, UnsupportedEncoding

_ENCODINGS = "gzip, zstd"
# A frame may ask for a window of this size at most, however small the frame is (RFC 8878 recommends 8 MB).
_ZSTD_WINDOW = 8 * 1024 * 1024
# A block of 128 KiB may be sent in 4 bytes, so that so many of them expand to 8 MiB at most.
_ZSTD_SLICE = 256
# Nobody sends more, and each one costs a copy of what comes after it: 4 MiB of empty ones would take a minute.
_MAX_PARTS = 64


async def read_body(scope: Scope, receive: Receive, *, limit: int) -> bytes:
    """The body, expanded where it came compressed.

    Raises TooLarge when it or its expanded form exceeds `limit` bytes, UnsupportedEncoding for an encoding that we
    do not read, BadRequest for a damaged one, Unavailable when all bodies together take too much, ClientGoneError when
    the sender left.
    """
    decode = _decoder_of((header(scope, b"content-encoding") or "").strip().lower())
    declared = header(scope, b"content-length")
    # A length is believed only where it makes the body too large; a small one proves nothing.
    if declared is not None and declared.isdigit() and int(declared[:18]) > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError("the client left before its request was complete")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
        if not message.get("more_body", False):
            break
    raw = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    if decode is None or not raw:
        return raw
    expanded = decode(raw, limit)
    count_memory(scope, len(expanded))
    return expanded


def _too_large(limit: int) -> TooLarge:
    size = f"{limit // 1024**2} MiB" if limit >= 1024**2 else f"{limit // 1024} KiB"
    return TooLarge(f"The body is larger than {size}, its expanded form included")


def _decoder_of(encoding: str) -> Callable[[bytes, int], bytes] | None:
    if encoding in ("", "identity"):
        return None
    if encoding in ("gzip", "x-gzip"):
        return _gunzip
    if encoding == "zstd":
        return _unzstd
    raise UnsupportedEncoding(f"Content-Encoding is none of {_ENCODINGS}")


def _gunzip(raw: bytes, limit: int) -> bytes:
    """Expands to at most `limit` bytes; a bomb costs no more memory than that."""
    expanded = bytearray()
    rest = raw
    for _ in range(_MAX_PARTS):
        stream = zlib.decompressobj(wbits=31)
        try:
            expanded += stream.decompress(rest, limit - len(expanded) + 1)
        except zlib.error:
            raise BadRequest("The body is not valid gzip") from None
        if len(expanded) > limit:
            raise _too_large(limit)
        if not stream.eof:
            raise BadRequest("The gzip body ends too early")
        rest = stream.unused_data  # RFC 1952: members may follow each other
        if not rest:
            return bytes(expanded)
    raise BadRequest(f"The gzip body has more than {_MAX_PARTS} members")


def _unzstd(raw: bytes, limit: int) -> bytes:
    """Expands to at most `limit` bytes and one slice's worth: the frame's own size field is not believed."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    expanded = bytearray()
    rest = raw
    for _ in range(_MAX_PARTS):
        # Not stream_reader, which takes a frame that ends too early for a whole one.
        stream = decompressor.decompressobj()
        for begin in range(0, len(rest), _ZSTD_SLICE):
            try:
                expanded += stream.decompress(rest[begin : begin + _ZSTD_SLICE])
            except zstandard.ZstdError:
                raise BadRequest("The body is not valid zstd") from None
            if len(expanded) > limit:
                raise _too_large(limit)
            if stream.eof:
                break
        if not stream.eof:
            raise BadRequest("The zstd body ends too early")
        rest = stream.unused_data + rest[begin + _ZSTD_SLICE :]  # RFC 8878: frames may follow each other
        if not rest:
            return bytes(expanded)
    raise BadRequest(f"The zstd body has more than {_MAX_PARTS} frames")
