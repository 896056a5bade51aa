"""How a report's body lies in the database: byte for byte, compressed with a dictionary trained on reports.

The first byte says how the rest is packed, so that later dictionaries can stand beside this one.
"""

import threading
from collections.abc import Sequence
from hashlib import blake2b
from importlib.resources import files

import zstandard

from felhom_hub.base.zstd import compress_each

_RAW, _ZSTD_V1 = 0, 1
# A sixth smaller than level 3, for some 30 µs more a report. Level 9 takes another sixth off for 100 µs more: the
# intake would feel it.
_LEVEL = 5
# hashlib gives the interpreter lock away for 2,048 bytes and more. Hashing 8 KB takes 10 µs; getting the lock back
# from the writer's thread takes far longer.
_HASH_CHUNK = 2047
MAX_BODY_BYTES = 4 * 1024 * 1024  # contract 1.5

_of_thread = threading.local()


def _parameters() -> zstandard.ZstdCompressionParameters:
    return zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_content_size=1, write_checksum=0, write_dict_id=0
    )


def report_dictionary() -> zstandard.ZstdCompressionDict:
    """The dictionary that is trained on reports, not yet digested for any level."""
    return zstandard.ZstdCompressionDict(files(__package__).joinpath("report-v1.zdict").read_bytes())


# Both are only read once they are made. They are made before any thread can ask: digesting a dictionary anew would
# take it away from under whoever packs with it just now.
_UNPACKING = report_dictionary()
_PACKING = report_dictionary()
# Else each batch would digest it once more, which takes as long as packing two reports.
_PACKING.precompute_compress(compression_params=_parameters())


def pack(body: bytes) -> bytes:
    """What is stored for `body`."""
    return pack_each([body])[0]


def pack_each(bodies: Sequence[bytes]) -> list[bytes]:
    """What is stored for each of `bodies`."""
    return [
        bytes((_ZSTD_V1,)) + packed if len(packed) < len(body) else bytes((_RAW,)) + body
        for body, packed in zip(bodies, compress_each(_compressor(), bodies), strict=True)
    ]


def _compressor() -> zstandard.ZstdCompressor:
    """This thread's own: a compressor must not be used by two at once."""
    compressor: zstandard.ZstdCompressor | None = getattr(_of_thread, "compressor", None)
    if compressor is None:
        compressor = zstandard.ZstdCompressor(dict_data=_PACKING, compression_params=_parameters())
        _of_thread.compressor = compressor
    return compressor


def unpack(stored: bytes) -> bytes:
    """The body exactly as it came."""
    return unpack_each([stored])[0]


def unpack_each(stored: Sequence[bytes]) -> list[bytes]:
    """Each body exactly as it came."""
    decompressor = zstandard.ZstdDecompressor(dict_data=_UNPACKING, format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    return [
        bytes(each[1:]) if each[0] == _RAW else decompressor.decompress(bytes(each[1:]), max_output_size=MAX_BODY_BYTES)
        for each in stored
    ]


def digest_of(body: bytes) -> int:
    """A 63-bit fingerprint; together with customer and timestamp it recognises a report that was sent twice."""
    state = blake2b(digest_size=8)
    view = memoryview(body)
    for start in range(0, len(body), _HASH_CHUNK):
        state.update(view[start : start + _HASH_CHUNK])
    return int.from_bytes(state.digest(), "big") >> 1
