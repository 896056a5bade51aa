"""The file that a backup is: a line that says what is in it, and a stream that is compressed and sealed in pieces.

The line is JSON in the clear: when it was made, by which version, the rows of each table; with it comes the key of the
stream, sealed with the hub's own. Each piece is sealed with its place in the stream, with whether it is the last one
and with the line (as STREAM of Hoang, Reyhanitabar, Rogaway and Vizár does): nothing can be changed, left out, moved or
cut off without being noticed. Pure.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, BinaryIO, Final

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC: Final = "felhom-hub-backup"
FORMAT: Final = 1
KEY_BITS: Final = 256
_PIECE: Final = 1 << 20  # bytes, compressed
_TAG: Final = 16
_LONGEST_LINE: Final = 1 << 20
_LENGTH: Final = struct.Struct(">I")


class DamagedBackupError(Exception):
    """The file is no backup, or was changed or cut off; the message says which, in one line."""


@dataclass(frozen=True)
class Contents:
    """What a backup holds: the rows of each table, and size and SHA-256 of the database file."""

    made_at: str  # RFC 3339
    version: str  # of the hub that made it
    tables: Mapping[str, int]
    database_bytes: int
    database_sha256: str
    assets: int = 0  # files
    key: str = field(default="", repr=False)  # of the stream, in an envelope


class SealingWriter:
    """A file to write the stream into; `close` writes the last piece, without which no reader takes the file."""

    def __init__(self, out: BinaryIO, contents: Contents, key: bytes) -> None:
        line = json.dumps({"magic": MAGIC, "format": FORMAT, **asdict(contents)}).encode() + b"\n"
        out.write(line)
        self._out, self._bound, self._cipher = out, sha256(line).digest(), AESGCM(key)
        self._compressor = zstandard.ZstdCompressor(level=6).compressobj()
        self._waiting, self._number = bytearray(), 0

    def write(self, data: bytes) -> int:
        """The bytes belong to the stream."""
        self._waiting += self._compressor.compress(data)
        while len(self._waiting) > _PIECE:
            self._seal(bytes(self._waiting[:_PIECE]), is_last=False)
            del self._waiting[:_PIECE]
        return len(data)

    def close(self) -> None:
        """The stream is whole."""
        self._waiting += self._compressor.flush()
        while len(self._waiting) > _PIECE:
            self._seal(bytes(self._waiting[:_PIECE]), is_last=False)
            del self._waiting[:_PIECE]
        self._seal(bytes(self._waiting), is_last=True)

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number), piece, _aad(self._bound, is_last=is_last))
        self._out.write(_LENGTH.pack(len(sealed)))
        self._out.write(sealed)
        self._number += 1


def read_contents(source: BinaryIO) -> tuple[Contents, bytes]:
    """What the file says of itself, and what the pieces are bound to; raises DamagedBackupError."""
    line = source.readline(_LONGEST_LINE)
    try:
        members = json.loads(line)
        if members.pop("magic") != MAGIC:
            raise DamagedBackupError("It is no backup of a felhom-hub")
        if (number := members.pop("format")) != FORMAT:
            raise DamagedBackupError(f"It is a backup of format {number}, which this version does not read")
        contents = Contents(**members)
        # All else is believed only once a piece has opened that is bound to it.
        if not isinstance(contents.key, str) or not isinstance(contents.database_bytes, int):
            raise DamagedBackupError("It is no backup of a felhom-hub")
        return contents, sha256(line).digest()
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DamagedBackupError("It is no backup of a felhom-hub") from None


def read_stream(source: Any, bound: bytes, key: bytes) -> Iterator[bytes]:
    """The stream of a buffered reader, a megabyte at most at a time, each only after it was found untouched.

    Raises DamagedBackupError. The stream is whole once it is read to its end.
    """
    pieces = _pieces(source, bound, AESGCM(key))
    # What is alike compresses to next to nothing: a piece is never expanded at once.
    file: Any = _Reader(pieces)
    with zstandard.ZstdDecompressor().stream_reader(file) as reader:
        while expanded := reader.read(_PIECE):
            yield expanded
    for _ in pieces:
        pass  # the last piece proves that nothing was cut off


def _pieces(source: Any, bound: bytes, cipher: AESGCM) -> Iterator[bytes]:
    number, is_last = 0, False
    while not is_last:
        sealed = _next_piece(source)
        is_last = not source.peek(1)
        try:
            piece = cipher.decrypt(_nonce(number), sealed, _aad(bound, is_last=is_last))
        except InvalidTag:
            raise DamagedBackupError("It was changed or cut off after it was made") from None
        number += 1
        yield piece


class _Reader:
    """Pieces as a file to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int) -> bytes:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def _next_piece(source: BinaryIO) -> bytes:
    head = source.read(_LENGTH.size)
    length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else 0
    sealed = source.read(length) if length <= _PIECE + _TAG else b""
    if length == 0 or len(sealed) != length:
        raise DamagedBackupError("It was changed or cut off after it was made")
    return sealed


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _aad(bound: bytes, *, is_last: bool) -> bytes:
    return bound + bytes([is_last])
