"""Makes a backup beside a serving hub: a copy of one moment, compressed and sealed into one file."""

import os
import secrets
import shutil
import tarfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from felhom_hub import __version__
from felhom_hub.backups.container import KEY_BITS, Contents, SealingWriter
from felhom_hub.backups.scratch import scratch_place
from felhom_hub.backups.source import Source
from felhom_hub.backups.sqlite_file import Rest, count_rows, never_rest, sha256_of
from felhom_hub.base.directories import sync_directory
from felhom_hub.base.instants import rfc3339
from felhom_hub.base.secrets import seal
from felhom_hub.base.words import size_words

SUFFIX: Final = ".felhom-backup"
DATABASE, ASSETS = "hub.db", "assets"
PURPOSE: Final = "hub-backup"
_PIECE: Final = 1 << 20
# A full volume stores no report: so much of it is left, whatever a backup needs.
_LEFT_PERCENT: Final = 5
# A draft of a process that was killed; no backup is written for so long.
_OLD_DRAFT_SECONDS: Final = 86_400.0


class NoRoomError(Exception):
    """A backup or its proof was not begun, because it would have filled a volume; the message says which, in a line."""


class OldBackupStaysError(Exception):
    """A backup was made, but an older one cannot be removed; the message says which and why, in a line."""


@dataclass(frozen=True)
class Taken:
    """The backup that was made."""

    path: Path
    size_bytes: int
    contents: Contents


def take_backup(source: Source, assets: Path, directory: Path, *, now: datetime, rest: Rest = never_rest) -> Taken:
    """There is a new file in the directory with the database of this moment and the assets.

    The file is there whole or not at all. `rest` is called after each portion of the work, and what it raises ends it.
    Raises NoRoomError, OSError, SecretsError, and what the source raises.
    """
    if not directory.is_dir():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _give_to_owner_of(source.place, directory)
    _remove_old_drafts(directory)
    require_room(source, directory)
    path = directory / f"hub-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
    # The copy lies beside the database: whoever reads one there reads the other, and it is gone at once.
    with scratch_place(source.place) as scratch:
        copy = scratch / DATABASE
        source.copy_into(copy, rest)
        files = sorted(each for each in assets.rglob("*") if each.is_file()) if assets.is_dir() else []
        key = AESGCM.generate_key(KEY_BITS)
        contents = Contents(
            made_at=rfc3339(now) or "",
            version=__version__,
            tables=count_rows(copy, rest),
            database_bytes=copy.stat().st_size,
            database_sha256=sha256_of(copy, rest),
            assets=len(files),
            key=seal(key, purpose=PURPOSE),
        )
        with _whole(path, like=source.place) as out:
            writer = SealingWriter(out, contents, key)
            resting: Any = _Resting(writer, rest)
            with tarfile.open(fileobj=resting, mode="w|", bufsize=_PIECE) as archive:
                archive.add(copy, DATABASE)
                for each in files:
                    archive.add(each, f"{ASSETS}/{each.relative_to(assets).as_posix()}")
            writer.close()
    return Taken(path, path.stat().st_size, contents)


def require_room(source: Source, directory: Path) -> None:
    """Both volumes have room for the copy and for the file, and some is left; raises NoRoomError, OSError."""
    copy = source.size_bytes()
    newest = backups_in(directory)[-1:]
    # The first one is compressed, too, but by how much is not known.
    file = newest[0].stat().st_size * 5 // 4 if newest else copy
    if source.place.stat().st_dev == directory.stat().st_dev:
        require_free(source.place, copy + file)
        return
    require_free(source.place, copy)
    require_free(directory, file)


def require_free(directory: Path, needed: int) -> None:
    """The directory's volume has so many bytes free, and some is left; raises NoRoomError, OSError."""
    usage = shutil.disk_usage(directory)
    left = usage.total * _LEFT_PERCENT // 100
    if usage.free < needed + left:
        raise NoRoomError(
            f"the volume of {directory} has {size_words(usage.free)} free; the backup needs about "
            f"{size_words(needed)} there, and {_LEFT_PERCENT} % have to stay free"
        )


def keep_newest(directory: Path, count: int, *, made: Path, also: Collection[Path] = ()) -> list[Path]:
    """All but the newest backups in the directory, and those that are kept `also`, are gone; which those were.

    The newest is the one that was `made` just now. One whose name says a later time was made while the clock was ahead,
    and goes first. Raises OldBackupStaysError.
    """
    backups = sorted(backups_in(directory), key=lambda path: (path.name <= made.name, path.name))
    old = [path for path in backups[: max(0, len(backups) - count)] if path not in also]
    for path in old:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OldBackupStaysError(
                f"{made.name} was made, but the older {path} cannot be removed: {error.strerror}"
            ) from None
    return old


def backups_in(directory: Path) -> list[Path]:
    """The backups, the oldest first."""
    return sorted(directory.glob(f"hub-*{SUFFIX}"))


def _remove_old_drafts(directory: Path) -> None:
    for draft in directory.glob(f".hub-*{SUFFIX}.part"):
        try:
            if time.time() - draft.stat().st_mtime > _OLD_DRAFT_SECONDS:
                draft.unlink()
        except FileNotFoundError:
            continue  # another hub was quicker


class _Resting:
    """A file to write into that rests after each piece."""

    def __init__(self, writer: SealingWriter, rest: Rest) -> None:
        self._writer, self._rest = writer, rest

    def write(self, data: bytes) -> int:
        written = self._writer.write(data)
        self._rest()
        return written


@contextmanager
def _whole(path: Path, *, like: Path) -> Iterator[Any]:
    """A file that is at the path when all is written; its name is its own until then, whoever makes one this second."""
    draft = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{SUFFIX}.part")
    try:
        with open(draft, "wb", opener=_for_the_owner) as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        _give_to_owner_of(like, draft)
        draft.rename(path)
        sync_directory(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _give_to_owner_of(place: Path, made: Path) -> None:
    """Root may back up a hub that has a user of its own, and which is to prove and remove what was made."""
    if os.geteuid() == 0:
        found = place.stat()
        with suppress(OSError):  # not every file system knows owners
            os.chown(made, found.st_uid, found.st_gid)


def _for_the_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
