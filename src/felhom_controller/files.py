"""Writes files that survive a crash whole: old content or new, never half of it."""

import os
import re
from collections.abc import Collection
from pathlib import Path

_FRESH = re.compile(r"\.(.+)\.[0-9]+\.new", re.ASCII)  # as replace_file calls what it has not finished


def sync_directory(directory: Path) -> None:
    """Names made, moved or removed in the directory are on disk."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_synced(path: Path, content: bytes) -> None:
    """The file, private to its owner, is on disk under a name that nobody reads yet."""
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def replace_file(path: Path, content: bytes) -> None:
    """The file has the new content on disk; a crash leaves the old one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        write_synced(fresh, content)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    sync_directory(path.parent)


def remove_leftovers(directory: Path, names: Collection[str]) -> None:
    """What a killed process left half written of the files with these names is gone.

    Only for the one process that writes them: another's file that is under way would be taken from it.
    """
    for path in list(directory.iterdir()):
        found = _FRESH.fullmatch(path.name)
        if found is not None and found[1] in names:
            path.unlink(missing_ok=True)
