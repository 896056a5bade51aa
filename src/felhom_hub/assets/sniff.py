"""Whether the bytes of a file are what its name promises. Pure."""

import struct
from collections.abc import Callable

from felhom_hub.assets.names import NAMES_IN_WORDS, is_allowed
from felhom_hub.assets.svg import svg_problem

# A screenshot has a few hundred kB; what is uploaded is held in memory.
MAX_UPLOAD_BYTES = 4 * 1024 * 1024

_PNG = b"\x89PNG\r\n\x1a\n"
_ICO_HEAD_BYTES, _ICO_ENTRY_BYTES = 6, 16


def upload_problem(filename: str, content: bytes) -> str | None:
    """Why a file of this name and content is not taken, as a sentence; None where it is."""
    if not is_allowed(filename):
        return f"An asset is called {NAMES_IN_WORDS}."
    if not content:
        return "It is empty."
    if len(content) > MAX_UPLOAD_BYTES:
        return f"It is larger than {MAX_UPLOAD_BYTES // 1024**2} MiB."
    return _CHECKS[filename.rpartition(".")[2]](content)


def _png_problem(content: bytes) -> str | None:
    is_png = (
        content.startswith(_PNG) and content[12:16] == b"IHDR" and content.rstrip(b"\0").endswith(b"IEND\xaeB`\x82")
    )
    return None if is_png else "Its bytes are not those of a whole PNG."


def _webp_problem(content: bytes) -> str | None:
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP" and content[12:16] in {b"VP8 ", b"VP8L", b"VP8X"}
    if is_webp and int.from_bytes(content[4:8], "little") + 8 in {len(content), len(content) - 1}:
        return None
    return "Its bytes are not those of a whole WebP."


def _ico_problem(content: bytes) -> str | None:
    problem = "Its bytes are not those of a whole icon."
    if len(content) < _ICO_HEAD_BYTES:
        return problem
    zero, kind, count = struct.unpack_from("<HHH", content)
    if (zero, kind) != (0, 1) or count == 0 or len(content) < _ICO_HEAD_BYTES + _ICO_ENTRY_BYTES * count:
        return problem
    for entry in range(count):
        size, offset = struct.unpack_from("<II", content, _ICO_HEAD_BYTES + _ICO_ENTRY_BYTES * entry + 8)
        if size == 0 or offset + size > len(content):
            return problem
    return None


_CHECKS: dict[str, Callable[[bytes], str | None]] = {
    "svg": svg_problem,
    "png": _png_problem,
    "webp": _webp_problem,
    "ico": _ico_problem,
}
