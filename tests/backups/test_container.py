import io
import os
from pathlib import Path
from typing import Any

import pytest

from felhom_hub.backups.container import Contents, DamagedBackupError, SealingWriter, read_contents, read_stream

KEY = bytes(range(32))
CONTENTS = Contents("2026-11-27T00:00:00.000Z", "1.0", {"a": 1}, 5, "0" * 64, 2, "sealed")
MADE_UP = (
    b'{"magic": "felhom-hub-backup", "format": 1, "made_at": "", "version": "", "tables": {}, "database_sha256": "", '
    b'"key": %s, "database_bytes": %s}\n'
)


def made(stream: bytes, *, at_once: int = 70_000) -> bytes:
    out = io.BytesIO()
    writer = SealingWriter(out, CONTENTS, KEY)
    for start in range(0, len(stream), at_once):
        writer.write(stream[start : start + at_once])
    writer.close()
    return out.getvalue()


def read(file: bytes, key: bytes = KEY) -> bytes:
    source: Any = io.BufferedReader(io.BytesIO(file))
    contents, bound = read_contents(source)
    assert contents == CONTENTS
    return b"".join(read_stream(source, bound, key))


def is_noticed(file: bytes) -> bool:
    source: Any = io.BufferedReader(io.BytesIO(file))
    try:
        _, bound = read_contents(source)
        for _ in read_stream(source, bound, KEY):
            pass
    except DamagedBackupError:
        return True
    return False


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_500_000])
def test_what_was_written_comes_back(size: int) -> None:
    stream = os.urandom(size)

    assert read(made(stream)) == stream


def test_nothing_of_the_stream_lies_in_the_clear() -> None:
    assert b"hunter22" not in made(b"hunter22" * 1000)
    assert "sealed" not in repr(CONTENTS)


def test_every_change_is_noticed() -> None:
    file = made(os.urandom(2_500_000))
    begin = file.index(b"\n") + 1
    first = int.from_bytes(file[begin : begin + 4], "big") + 4
    middle, rest = file[begin : begin + first], file[begin + first :]
    second = int.from_bytes(rest[:4], "big") + 4
    damaged = {
        "cut in a piece": file[:-1],
        "cut after a piece": file[: begin + first],
        "cut to the line": file[:begin],
        "more behind it": file + middle,
        "a bit": file[: begin + 500] + bytes([file[begin + 500] ^ 1]) + file[begin + 501 :],
        "pieces changed about": file[:begin] + rest[:second] + middle + rest[second:],
        "a piece left out": file[:begin] + rest,
        "a word of the line": file.replace(b'"1.0"', b'"1.1"', 1),
        "a huge length": file[:begin] + b"\xff\xff\xff\xff" + file[begin + 4 :],
    }
    assert [what for what, each in damaged.items() if not is_noticed(each)] == []
    with pytest.raises(DamagedBackupError):
        read(file, bytes(32))


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "no backup"),
        (b"\x00\x01\x02", "no backup"),
        (b"[]\n", "no backup"),
        (b'{"magic": "other", "format": 1}\n', "no backup"),
        (b'{"magic": "felhom-hub-backup", "format": 2}\n', "format 2"),
        (b'{"magic": "felhom-hub-backup", "format": 1}\n', "no backup"),
        (MADE_UP % (b"null", b"1"), "no backup"),
        (MADE_UP % (b'"v1:k:n:s"', b"[]"), "no backup"),
        (b'{"magic": "felhom-hub-backup"' + b" " * 2_000_000, "no backup"),
    ],
)
def test_what_is_no_backup_is_said(file: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(file)
    with (tmp_path / "file").open("rb") as source, pytest.raises(DamagedBackupError, match=words):
        read_contents(source)


def test_what_is_all_alike_is_never_expanded_at_once() -> None:
    """A database that has shrunk is full of nothing, and a megabyte of its compressed stream is gigabytes."""
    file = made(bytes(64_000_000), at_once=1_000_000)
    assert len(file) < 20_000
    source: Any = io.BufferedReader(io.BytesIO(file))
    _, bound = read_contents(source)

    sizes = [len(piece) for piece in read_stream(source, bound, KEY)]

    assert (sum(sizes), max(sizes) <= 1 << 20) == (64_000_000, True)
