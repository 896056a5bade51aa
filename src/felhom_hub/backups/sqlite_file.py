"""What is done with SQLite files other than Django's: copied beside a hub that writes, counted, and examined.

Each takes long with a large file: `rest` is called again and again meanwhile, and what it raises ends the work.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

Rest = Callable[[], None]

_PAGES_AT_ONCE: Final = 1024  # 8 MiB of the hub's own pages
_STEPS: Final = 1_000_000  # of SQLite's machine: some 20 ms
_READ_AT_ONCE: Final = 1 << 20
_BUSY_SECONDS: Final = 60.0


def never_rest() -> None:
    """For whoever has nobody beside him, and is not stopped."""


def portions_in(database_bytes: int) -> int:
    """About how often whoever reads a database twice, a megabyte at a time, rests."""
    return max(1, 2 * database_bytes // _READ_AT_ONCE)


def copy_file(database: Path, copy: Path, rest: Rest) -> None:
    """`copy` is the database of one moment, in one file; raises sqlite3.Error.

    With write-ahead logging nobody waits for it: it reads, in one transaction from its first page to its last. Without
    that, writers wait until it is done.
    """
    with closing(sqlite3.connect(database, timeout=_BUSY_SECONDS, isolation_level=None)) as source:
        # An open transaction of the connection that is read from: else the copy would begin anew at each write.
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
        with closing(sqlite3.connect(copy)) as target:
            source.backup(target, pages=_PAGES_AT_ONCE, progress=lambda *_: rest())
            target.execute("PRAGMA journal_mode = DELETE")  # one file, whole without another


def count_rows(database: Path, rest: Rest = never_rest) -> dict[str, int]:
    """The rows of each table of the database file."""
    with closing(sqlite3.connect(database)) as connection, stoppable(connection, rest):
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        counts = {}
        for name in sorted(name for (name,) in rows):
            (counts[name],) = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608 - our own
            rest()
        return counts


def is_sound(database: Path, rest: Rest = never_rest) -> bool:
    """True where SQLite's own examination of the whole file finds nothing; raises sqlite3.Error."""
    with closing(sqlite3.connect(database)) as connection, stoppable(connection, rest):
        return connection.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]


def sha256_of(path: Path, rest: Rest = never_rest) -> str:
    """Of the file's bytes, in hex."""
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(_READ_AT_ONCE):
            digest.update(piece)
            rest()
    return digest.hexdigest()


@contextmanager
def stoppable(connection: sqlite3.Connection, rest: Rest) -> Iterator[None]:
    """Within it a statement that takes long rests now and then, and ends with what `rest` raises."""
    raised: list[Exception] = []

    def step() -> int:
        try:
            rest()
        except Exception as error:  # noqa: BLE001 - it cannot pass through SQLite, and is raised below
            raised.append(error)
            return 1
        return 0

    connection.set_progress_handler(step, _STEPS)
    try:
        yield
    except sqlite3.OperationalError:
        if raised:
            raise raised[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)
