"""Writes files that survive a crash whole: old content or new, never half of it."""

import os
from pathlib import Path


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
