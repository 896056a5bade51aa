"""The SQLite file that is copied: opened for this process alone, and only read.

It is another database than the one that Django knows while the copy is made: hence the SQL of its own.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from felhom_hub.base.copy.tables import Table
from felhom_hub.base.copy.values import Row
from felhom_hub.project.databases import BUSY_TIMEOUT_SECONDS
from felhom_hub.project.go_hub import is_of_go_hub

_NOT_ROWS = frozenset({"django_migrations"})  # made in the copy by its own migrations


class SourceError(Exception):
    """The file cannot be copied; the message is one plain line with the way out."""


@dataclass(frozen=True)
class Source:
    """The open file, of one moment: nobody writes to it until it is closed."""

    connection: sqlite3.Connection

    def tables(self) -> set[str]:
        """The names of its tables, without SQLite's own and without the ledger of migrations."""
        rows = self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows if not name.startswith("sqlite_")} - _NOT_ROWS

    def migrations(self) -> set[tuple[str, str]]:
        """Room and name of each migration that was applied."""
        return set(self.connection.execute("SELECT app, name FROM django_migrations"))

    def count(self, table: Table) -> int:
        """How many rows it has."""
        (count,) = self.connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()  # noqa: S608 - a model's
        return int(count)

    def rows(self, table: Table) -> Iterator[Row]:
        """All its rows as they are stored, one after the other in the order of their keys."""
        columns = ", ".join(f'"{each.name}"' for each in table.columns)
        key = table.columns[table.key].name
        return self.connection.execute(f'SELECT {columns} FROM "{table.name}" ORDER BY "{key}"')  # noqa: S608 - a model's

    def last_number(self, table: Table) -> int:
        """The highest number that a row of the table was ever given; 0 where there was none."""
        query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
        found = self.connection.execute(query, (table.name,)).fetchone() if table.counts else None
        return int(found[0]) if found else 0


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The hub's file at the path, locked against everybody else; raises SourceError.

    A hub that serves has a file in WAL mode open, which the lock finds; it would store reports that the copy lacks.
    Without WAL (project/sqlite.py) the lock is had beside an idle hub, which refuses reports until the copy is done.
    """
    try:
        is_there = path.is_file()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from None
    if not is_there:
        raise SourceError(f"There is no database at {path}")
    connection = None
    try:
        # Not read-only: what a hub that was killed has left in the journal has to be brought in first.
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_SECONDS
        )
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("PRAGMA query_only = ON")
        source = Source(connection)
        tables = source.tables()
        has_migrations = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'").fetchone()
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise SourceError(_why(path, error)) from None
    try:
        if is_of_go_hub(tables) and not has_migrations:
            raise SourceError(f"{path} is the database of the Go hub; see docs/moving-in.md")
        if not has_migrations:
            raise SourceError(f"{path} is no database of this hub")
        yield source
    finally:
        connection.close()


def _why(path: Path, error: sqlite3.Error) -> str:
    if "locked" in str(error):
        return f"{path} is in use: stop the hub, and whatever else has it open, and try again"
    return f"{path} cannot be read as an SQLite database ({error})"
