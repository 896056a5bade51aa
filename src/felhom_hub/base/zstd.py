"""Compresses and expands many small texts in one call, so that the interpreter's lock is given away once for all.

Each single call gives the lock away for some microseconds, and the thread that wants it back waits for whoever took it
(docs/performance.md).
"""

from collections.abc import Sequence
from typing import Any

import zstandard

# Below this many, setting up the call for many costs more than it saves.
_FEW = 4


def compress_each(compressor: zstandard.ZstdCompressor, texts: Sequence[bytes]) -> list[bytes]:
    """Each text as a frame of its own, in the same order."""
    if len(texts) < _FEW or not all(texts):
        return [compressor.compress(text) for text in texts]
    frames: Any = compressor.multi_compress_to_buffer(list(texts))
    return [frames[index].tobytes() for index in range(len(texts))]


def expand_each(decompressor: zstandard.ZstdDecompressor, frames: Sequence[bytes]) -> list[bytes]:
    """Each frame's text, in the same order; the frames must say how long their texts are."""
    if len(frames) < _FEW:
        return [decompressor.decompress(frame) for frame in frames]
    texts: Any = decompressor.multi_decompress_to_buffer(list(frames))
    return [texts[index].tobytes() for index in range(len(frames))]
