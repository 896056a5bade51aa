"""Places for what a backup needs for a while; what a killed process left of them is cleared away by the next one."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PREFIX: Final = ".backup-scratch-"
# Between its making and its lock a place is as one that was left behind.
_YOUNG_SECONDS: Final = 60.0


@contextmanager
def scratch_place(directory: Path) -> Iterator[Path]:
    """An empty directory below that one, for the owner alone, and gone afterwards; raises OSError.

    Its lock goes with the process that holds it, and so tells which ones nobody uses any more.
    """
    _clear_away_left(directory)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=directory, ignore_cleanup_errors=True) as name:
        held = os.open(name, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield Path(name)
        finally:
            os.close(held)


def _clear_away_left(directory: Path) -> None:
    for place in directory.glob(f"{_PREFIX}*"):
        try:
            if time.time() - place.stat().st_mtime < _YOUNG_SECONDS:
                continue
            held = os.open(place, os.O_RDONLY)
        except (FileNotFoundError, PermissionError):
            continue  # its owner was quicker, or is another user
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(place, ignore_errors=True)
        finally:
            os.close(held)
