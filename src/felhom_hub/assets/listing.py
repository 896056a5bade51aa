"""Which assets lie in a directory, with their hashes; a file is read again only when it is another one.

Not an asset, and left alone: links, directories, devices, names that are not allowed, and files over the limit.
"""

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path

import structlog

from felhom_hub.assets.names import is_allowed

# A screenshot has a few hundred kB, and an answer is held in memory.
MAX_FILE_BYTES = 16 * 1024 * 1024
# A file changed in place within the file system's grain of time after it was hashed would look the same.
_SETTLED_NANOSECONDS = 2_000_000_000
# NOFOLLOW: a link would serve any file of the machine. NONBLOCK: a pipe would hold the thread for ever.
_OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

log = structlog.get_logger(__name__)

_Identity = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class AssetFile:
    """One asset."""

    filename: str
    size_bytes: int
    sha256: str


_hashes: dict[str, tuple[_Identity, str]] = {}


def files_in(directory: Path) -> tuple[AssetFile, ...]:
    """The assets by name; none where there is no such directory. Raises OSError where it cannot be read."""
    found, paths = [], set()
    for entry in _allowed_entries(directory):
        paths.add(entry.path)
        try:
            asset = _asset(entry)
        except FileNotFoundError:
            continue  # deleted meanwhile
        except OSError as error:
            log.error("asset_cannot_be_read", filename=entry.name, reason=error.strerror)  # noqa: TRY400 - no mistake of ours
            continue
        if asset is not None:
            found.append(asset)
    for path in [path for path in list(_hashes) if Path(path).parent == directory and path not in paths]:
        _hashes.pop(path, None)
    return tuple(sorted(found, key=lambda asset: asset.filename))


def identity_of(status: os.stat_result) -> _Identity:
    """What changes when a file becomes another one, or gets other bytes."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def is_asset(status: os.stat_result) -> bool:
    """True for a regular file that is not too large."""
    return stat.S_ISREG(status.st_mode) and status.st_size <= MAX_FILE_BYTES


def open_file(path: Path) -> BufferedReader:
    """The file for reading, if it is one and no link; raises OSError, of a directory IsADirectoryError."""
    return open(path, "rb", opener=lambda name, _flags: os.open(name, _OPEN_FLAGS))


def _allowed_entries(directory: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            yield from [entry for entry in entries if is_allowed(entry.name)]
    except FileNotFoundError:
        return


def _asset(entry: os.DirEntry[str]) -> AssetFile | None:
    status = entry.stat(follow_symlinks=False)
    if not is_asset(status):
        return None
    known = _hashes.get(entry.path)
    if known is not None and known[0] == identity_of(status):
        return AssetFile(entry.name, status.st_size, known[1])
    with open_file(Path(entry.path)) as stream:
        before = os.fstat(stream.fileno())
        if not is_asset(before):
            return None
        digest = file_digest(stream, "sha256").hexdigest()
        after = os.fstat(stream.fileno())
    is_settled = time.time_ns() - after.st_ctime_ns > _SETTLED_NANOSECONDS
    if is_settled and identity_of(before) == identity_of(after):
        _hashes[entry.path] = identity_of(after), digest
    return AssetFile(entry.name, after.st_size, digest)
