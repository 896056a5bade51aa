"""Makes a backup beside a serving hub: a copy of one moment, compressed and sealed into one file."""

import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from felhom_hub import __version__
from felhom_hub.backups.container import KEY_BITS, Contents, SealingWriter
from felhom_hub.base.directories import sync_directory
from felhom_hub.base.instants import rfc3339
from felhom_hub.base.secrets import seal

SUFFIX: Final = ".felhom-backup"
DATABASE, ASSETS = "hub.db", "assets"
PURPOSE: Final = "hub-backup"


@dataclass(frozen=True)
class Taken:
    """The backup that was made."""

    path: Path
    size_bytes: int
    contents: Contents


def take_backup(database: Path, assets: Path, directory: Path, *, now: datetime) -> Taken:
    """There is a new file in the directory with the database of this moment and the assets.

    The file is there whole or not at all. Raises OSError, sqlite3.Error, SecretsError.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / f"hub-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
    # The copy lies beside the database: whoever reads one there reads the other, and it is gone at once.
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=database.parent) as scratch:
        copy = Path(scratch) / DATABASE
        _copy(database, copy)
        files = sorted(each for each in assets.rglob("*") if each.is_file()) if assets.is_dir() else []
        key = AESGCM.generate_key(KEY_BITS)
        contents = Contents(
            made_at=rfc3339(now) or "",
            version=__version__,
            tables=count_rows(copy),
            database_bytes=copy.stat().st_size,
            database_sha256=sha256_of(copy),
            assets=len(files),
            key=seal(key, purpose=PURPOSE),
        )
        with _whole(path) as out:
            writer: Any = SealingWriter(out, contents, key)
            with tarfile.open(fileobj=writer, mode="w|") as archive:
                archive.add(copy, DATABASE)
                for each in files:
                    archive.add(each, f"{ASSETS}/{each.relative_to(assets).as_posix()}")
            writer.close()
    return Taken(path, path.stat().st_size, contents)


def keep_newest(directory: Path, count: int) -> list[Path]:
    """All but the newest backups in the directory are gone; which those were."""
    backups = backups_in(directory)
    old = backups[: max(0, len(backups) - count)]
    for path in old:
        path.unlink()
    return old


def backups_in(directory: Path) -> list[Path]:
    """The backups, the oldest first."""
    return sorted(directory.glob(f"hub-*{SUFFIX}"))


def count_rows(database: Path) -> dict[str, int]:
    """The rows of each table of the database file."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        names = sorted(name for (name,) in rows)
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - our own names
            for name in names
        }


def sha256_of(path: Path) -> str:
    """Of the file's bytes, in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _copy(database: Path, copy: Path) -> None:
    with closing(sqlite3.connect(database, timeout=60)) as source, closing(sqlite3.connect(copy)) as target:
        # In one step: a copy in several begins anew whenever the hub writes. With WAL nobody waits for it.
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, whole without another


@contextmanager
def _whole(path: Path) -> Iterator[Any]:
    draft = path.with_name(f".{path.name}.part")
    try:
        with open(draft, "wb", opener=_for_the_owner) as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        draft.rename(path)
        sync_directory(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _for_the_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
