"""Puts files into the store and takes them out: old content or new, never half of it, whenever the power goes."""

import os
import re
import secrets
import time
from pathlib import Path

from felhom_hub.base.directories import sync_directory

_LEFT_OVER = re.compile(r"\.[a-z0-9._-]+\.(?:[0-9a-f]{16}\.new|deleted)", re.ASCII)
# No write takes so long; what was deleted can be brought back for this long at least.
_LEFT_OVER_SECONDS = 3600


def stage(directory: Path, filename: str, content: bytes) -> Path:
    """The content is on disk in the directory, under a name that is no asset's; raises OSError."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = directory / f".{filename}.{secrets.token_hex(8)}.new"
    try:
        with open(fresh, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def put(staged: Path, filename: str) -> None:
    """The staged content is the asset, on disk; a kill before leaves the old asset, one after the new."""
    try:
        staged.replace(staged.with_name(filename))
    except OSError:
        staged.unlink(missing_ok=True)
        raise
    sync_directory(staged.parent)


def take_out(directory: Path, filename: str) -> None:
    """The asset is none any more, and can be brought back; raises OSError."""
    (directory / filename).replace(_taken_out(directory, filename))
    # Its age counts from now: a rename leaves the time of the content.
    os.utime(_taken_out(directory, filename))
    sync_directory(directory)


def bring_back(directory: Path, filename: str) -> bool:
    """What was taken out is the asset again; False where it is gone, or another one has the name now."""
    if os.path.lexists(directory / filename):
        return False
    try:
        _taken_out(directory, filename).replace(directory / filename)
    except FileNotFoundError:
        return False
    sync_directory(directory)
    return True


def remove_left_over(directory: Path) -> None:
    """What a kill left half written, and what was taken out, is gone after an hour; raises OSError."""
    try:
        paths = [path for path in directory.iterdir() if _LEFT_OVER.fullmatch(path.name)]
    except FileNotFoundError:
        return
    for path in paths:
        try:
            if abs(time.time() - path.lstat().st_mtime) > _LEFT_OVER_SECONDS:
                path.unlink()
        except FileNotFoundError:
            continue  # another replica was quicker


def _taken_out(directory: Path, filename: str) -> Path:
    return directory / f".{filename}.deleted"
