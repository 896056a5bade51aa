"""Keeps a second hub from serving the same SQLite file: each would tell what happens in it, and know half of it.

The lock is the operating system's, on a file beside the database, so that it goes with the process that holds it,
however that ends. Other commands work beside a serving hub and take no lock. Several hubs share a PostgreSQL.
"""

import contextlib
import errno
import fcntl
import os
from pathlib import Path
from typing import IO

import structlog

log = structlog.get_logger(__name__)


class AlreadyServedError(Exception):
    """Another process serves the database; the message is one plain line."""


def hold_database(path: Path) -> IO[str] | None:
    """The lock on the database at the path, held until what is returned is closed or the process ends.

    None where the file system knows no locks or has no room for one, which the log says: a hub on a full disk still
    shows what it has. Raises AlreadyServedError, OSError.
    """
    try:
        lock = path.with_name(f"{path.name}.serving").open("a+", encoding="utf-8")
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _warn(path, error)
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read(20).strip()
        lock.close()
        by = f" (process {holder})" if holder.isdecimal() else ""
        raise AlreadyServedError(
            f"another felhom-hub{by} serves {path} already; a SQLite file has one hub, several share a PostgreSQL"
        ) from None
    except OSError as error:
        lock.close()
        _warn(path, error)
        return None
    with contextlib.suppress(OSError):  # the number only helps whoever is refused
        os.truncate(lock.fileno(), 0)
        os.write(lock.fileno(), str(os.getpid()).encode())
    return lock


def _warn(path: Path, error: OSError) -> None:
    reason = f"{error.strerror}: see to it that no second hub serves this file"
    log.warning("no_lock", path=str(path), reason=reason)
