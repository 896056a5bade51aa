"""Restores a backup into an empty place, and proves one by doing so in a scratch place."""

import io
import os
import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from felhom_hub.backups.container import Contents, DamagedBackupError, read_contents, read_stream
from felhom_hub.backups.scratch import scratch_place
from felhom_hub.backups.sqlite_file import Rest, count_rows, is_sound, never_rest, portions_in, sha256_of
from felhom_hub.backups.take import ASSETS, DATABASE, PURPOSE, require_free
from felhom_hub.base.directories import sync_directory
from felhom_hub.base.errors import Conflict
from felhom_hub.base.secrets import SecretsError, open_sealed


@dataclass(frozen=True)
class Restored:
    """What came out, which is what the backup says of itself: SHA-256, rows of each table, SQLite's own check."""

    contents: Contents
    database: Path
    assets_left: int  # that were there before, and stay as they are


def restore_backup(path: Path, directory: Path, rest: Rest = never_rest) -> Restored:
    """The database and the assets are in the directory, as they were, and on disk.

    Raises Conflict where there is a database already, DamagedBackupError, SecretsError, OSError.
    """
    database = directory / DATABASE
    for each in directory.glob(f"{DATABASE}*"):
        raise Conflict(f"{each} is there already; a backup is restored beside nothing, so put it aside first")
    left = 0
    with _opened(path) as (contents, stream):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Into a directory of its own first: what is damaged half-way leaves nothing that looks like a database.
        with scratch_place(directory) as scratch:
            _unpack(_resting(stream, rest), scratch)
            _require_same(scratch / DATABASE, contents, rest)
            if (assets := scratch / ASSETS).is_dir():
                left = _move_assets(assets, directory / ASSETS)
            _finish(scratch / DATABASE)
            (scratch / DATABASE).rename(database)
    sync_directory(directory)
    return Restored(contents, database, left)


def verify_backup(path: Path, scratch: Path, rest: Rest = never_rest) -> Contents:
    """The backup was restored below `scratch`, found to be what it says of itself, and removed again.

    Raises NoRoomError where that would fill the volume, DamagedBackupError, SecretsError, OSError.
    """
    with _opened(path) as (contents, stream):
        # The assets are images, which do not compress: no more of them than the file has.
        require_free(scratch, contents.database_bytes + path.stat().st_size)
        with scratch_place(scratch) as place:
            _unpack(_resting(stream, rest), place)
            _require_same(place / DATABASE, contents, rest)
    return contents


def portions_of(path: Path) -> int:
    """About how often `restore_backup` and `verify_backup` rest; 0 where it cannot be read, of which they say why."""
    try:
        with _opened(path) as (contents, _):
            return portions_in(contents.database_bytes)
    except (DamagedBackupError, SecretsError, OSError):
        return 0


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Contents, Iterator[bytes]]]:
    if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for, and could not be read twice
        raise DamagedBackupError("It is no ordinary file")
    with path.open("rb") as source:
        contents, bound = read_contents(source)
        yield contents, read_stream(source, bound, open_sealed(contents.key, purpose=PURPOSE))


def _finish(database: Path) -> None:
    """It is for the owner alone, whatever its directory allows, and outlives a power cut."""
    database.chmod(0o600)
    with database.open("rb") as file:
        os.fsync(file.fileno())


def _resting(pieces: Iterator[bytes], rest: Rest) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        rest()


def _unpack(stream: Iterator[bytes], directory: Path) -> None:
    reader: Any = io.BufferedReader(_Stream(stream))
    try:
        with tarfile.open(fileobj=reader, mode="r|") as archive:
            archive.extractall(directory, filter="data")
        while reader.read(1 << 20):
            pass  # the last piece proves that nothing was cut off
    except tarfile.TarError:
        raise DamagedBackupError("It was changed or cut off after it was made") from None


def _require_same(database: Path, contents: Contents, rest: Rest) -> None:
    if not database.is_file() or sha256_of(database, rest) != contents.database_sha256:
        raise DamagedBackupError("The database in it is not the one that it names")
    if not is_sound(database, rest):
        raise DamagedBackupError("The database in it is not sound")
    if count_rows(database, rest) != dict(contents.tables):
        raise DamagedBackupError("The database in it has other rows than it names")


def _move_assets(source: Path, target: Path) -> int:
    """Returns how many are there already, and stay as they are."""
    left = 0
    for each in sorted(source.rglob("*")):
        place = target / each.relative_to(source)
        if each.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            each.rename(place)
        else:
            left += 1
    return left


class _Stream(io.RawIOBase):
    """The pieces as a file that is read from its beginning to its end."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count
