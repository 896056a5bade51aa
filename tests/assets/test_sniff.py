import struct
import zlib
from pathlib import Path

import pytest
from tests.assets.conftest import SVG

import felhom_hub.assets
from felhom_hub.assets.sniff import MAX_UPLOAD_BYTES, upload_problem

DEMO_SEED = Path(felhom_hub.assets.__file__).parent / "demo_seed"


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + chunk(b"IEND", b"")
WEBP = b"RIFF" + struct.pack("<I", 16) + b"WEBPVP8L" + struct.pack("<I", 4) + b"\x2f\0\0\0"
ICO = struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 1, 1, 0, 0, 1, 32, len(PNG), 22) + PNG


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("a-logo.svg", SVG),
        ("favicon.svg", SVG),
        ("a-logo.png", PNG),
        ("favicon-32x32.png", PNG),
        ("a-screenshot-1.webp", WEBP),
        ("favicon.ico", ICO),
    ],
)
def test_file_that_is_what_its_name_says_is_taken(filename: str, content: bytes) -> None:
    assert upload_problem(filename, content) is None


def test_drawings_of_the_demo_would_be_taken() -> None:
    drawn = {path.name: path.read_bytes() for path in DEMO_SEED.iterdir()}

    assert {name: upload_problem(name, content) for name, content in drawn.items()} == dict.fromkeys(drawn)
    assert {"favicon.svg", "immich-logo.svg", "nextcloud-logo.svg"} <= drawn.keys()
    assert sum(map(len, drawn.values())) < 10_000


@pytest.mark.parametrize(
    ("filename", "content", "word"),
    [
        ("a.svg", SVG, "called"),
        ("../a-logo.svg", SVG, "called"),
        ("a-logo.svg", b"", "empty"),
        ("a-logo.svg", b" " * (MAX_UPLOAD_BYTES + 1), "larger than 4 MiB"),
        ("a-logo.svg", PNG, "UTF-8"),
        ("a-logo.svg", b"<html><script>alert(1)</script></html>", "no SVG"),
        ("a-logo.png", SVG, "PNG"),
        ("a-logo.png", PNG[:-3], "PNG"),
        ("a-logo.png", PNG + b"<script>", "PNG"),
        ("a-screenshot-1.webp", PNG, "WebP"),
        ("a-screenshot-1.webp", WEBP[:-2], "WebP"),
        ("favicon.ico", PNG, "icon"),
        ("favicon.ico", ICO[:-1], "icon"),
        ("favicon.ico", ICO[:10], "icon"),
        ("favicon.ico", b"\0\0\1", "icon"),
        ("favicon.ico", struct.pack("<HHH", 0, 1, 0), "icon"),
    ],
)
def test_file_that_is_something_else_is_refused(filename: str, content: bytes, word: str) -> None:
    problem = upload_problem(filename, content)

    assert problem is not None
    assert word in problem
