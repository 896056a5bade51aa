"""A quantile sketch that can be merged: how many values fell into buckets that grow by 2 %. Pure.

This is DDSketch (Masson, Rim and Lee, VLDB 2019) without its limit on buckets: memory in 0.1 MB cannot fill more than
some hundreds. Every quantile is right to ACCURACY, whatever was merged in whichever order.
"""

from collections.abc import Iterable
from functools import lru_cache
from math import ceil, log

import msgspec

ACCURACY = 0.01  # of the value, to either side
_GROWTH = (1 + ACCURACY) / (1 - ACCURACY)
_LOG_GROWTH = log(_GROWTH)
_ZERO = -1  # the bucket of 0; the one of 1 is 0

Sketch = dict[int, int]  # bucket to count

_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(list[int])


@lru_cache(maxsize=100_000)
def _bucket_of(value: int) -> int:
    return ceil(log(value) / _LOG_GROWTH) if value > 0 else _ZERO


def add_values(sketch: Sketch, values: Iterable[int]) -> None:
    """The sketch holds the whole, not negative values as well."""
    for value in values:
        bucket = _bucket_of(value)
        sketch[bucket] = sketch.get(bucket, 0) + 1


def add_sketch(sketch: Sketch, other: Sketch) -> None:
    """The sketch holds the values of the other as well."""
    for bucket, count in other.items():
        sketch[bucket] = sketch.get(bucket, 0) + count


def quantile(sketch: Sketch, part: float) -> float | None:
    """The value that `part` (above 0, at most 1) of the values do not exceed, by nearest rank; None without values."""
    rank = max(1, ceil(part * sum(sketch.values())))
    for bucket in sorted(sketch):
        rank -= sketch[bucket]
        if rank <= 0:
            return 2 * _GROWTH**bucket / (_GROWTH + 1) if bucket != _ZERO else 0.0
    return None


def pack_sketch(sketch: Sketch) -> bytes:
    """What is stored: each bucket's distance from the one before and its count, two bytes or three a bucket."""
    flat, before = [], 0
    for bucket in sorted(sketch):
        flat += [bucket - before, sketch[bucket]]
        before = bucket
    return _encode(flat)


def unpack_sketch(stored: bytes) -> Sketch:
    """The sketch as it was stored."""
    flat = _decoder.decode(stored)
    sketch, bucket = {}, 0
    for distance, count in zip(flat[::2], flat[1::2], strict=True):
        bucket += distance
        sketch[bucket] = count
    return sketch
