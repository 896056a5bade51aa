"""Where a drill's box comes to lie for a moment: a directory of its own in memory, which is gone afterwards.

A killed drill cannot clean up; the next one does. The lock on the directory says whether its drill still lives: the
controller's process inherits it, so that nothing is taken from under one that outlives the hub.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger(__name__)

PREFIX: Final = "felhom-hub-drill-"
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a directory that is nobody else's in it


@dataclass(frozen=True)
class Scratch:
    """The directory, open to its owner alone, and the descriptor that holds its lock."""

    path: Path
    lock: int


@contextlib.contextmanager
def scratch_directory() -> Iterator[Scratch]:
    """An empty directory, which is gone after the block, however that ends; raises OSError."""
    place = scratch_place()
    remove_left_over(place)
    path, lock = _locked(place)
    try:
        yield Scratch(path, lock)
    finally:
        _remove(path)
        os.close(lock)


def scratch_place() -> Path:
    """Memory where the system has it, so that secrets reach no disk; else its directory for such things."""
    return _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())


def remove_left_over(place: Path) -> int:
    """Directories of drills that were killed are gone; how many there were."""
    count = 0
    for path in place.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                if os.fstat(lock).st_uid == os.geteuid():
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises where its drill still lives
                    _remove(path)
                    count += 1
            finally:
                os.close(lock)
    return count


def _locked(place: Path) -> tuple[Path, int]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            return path, lock
        os.close(lock)  # another drill has taken it for one that was left over, before it was locked


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        log.error("drill_not_cleaned_up", path=str(path))
