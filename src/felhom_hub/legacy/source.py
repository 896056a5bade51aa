"""Reads a Go hub's database: its tables, their columns and their rows, without changing a byte of it."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from felhom_hub.base.errors import Impossible

_KNOWN_BY: Final = ("reports", "events", "customer_configs")  # one of them is in every Go hub's database
_ROWIDS: Final = ("rowid", "_rowid_", "oid")  # SQLite's names of the same number


@dataclass(frozen=True)
class Row:
    """One row by its columns; texts are bytes, for nobody has checked that they are UTF-8."""

    number: int  # SQLite's rowid, or its place
    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Source:
    """An open database of a Go hub."""

    connection: sqlite3.Connection

    def tables(self) -> list[str]:
        """The names of its tables, without SQLite's own."""
        rows = self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        names = [_read_name(name) for (name,) in rows]
        return [name for name in names if not name.startswith("sqlite_")]

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns."""
        return [_read_name(row[1]) for row in self.connection.execute(f"PRAGMA table_info({_quoted(table)})")]

    def count(self, table: str, *, after: int = 0) -> int:
        """How many rows have a number beyond `after`."""
        query, number = self._numbered(table)
        (count,) = self.connection.execute(
            f"SELECT count(*) FROM ({query}) WHERE {number} > ?",  # noqa: S608 - quoted
            (after,),
        ).fetchone()
        return int(count)

    def rows(self, table: str, *, after: int, limit: int) -> list[Row]:
        """At most `limit` rows beyond `after`, in the order of their numbers."""
        query, number = self._numbered(table)
        cursor = self.connection.execute(
            f"SELECT * FROM ({query}) WHERE {number} > ? ORDER BY {number} LIMIT ?",  # noqa: S608 - quoted
            (after, limit),
        )
        names = [column[0] for column in cursor.description][1:]
        return [Row(number, dict(zip(names, values, strict=True))) for number, *values in cursor]

    def row(self, table: str, number: int) -> Row | None:
        """The row of that number."""
        found: Sequence[Row] = self.rows(table, after=number - 1, limit=1)
        return found[0] if found and found[0].number == number else None

    def _numbered(self, table: str) -> tuple[str, str]:
        """A query of all rows with their numbers from 1 on, and the name that the number has in it.

        A table without rowid, or with one that cannot be named, is numbered in its own order.
        """
        taken = {name.lower() for name in self.columns(table)}
        number = "number_"
        while number in taken:
            number += "_"
        # Where a column is called so, the name is the column's.
        rowid = next((name for name in _ROWIDS if name not in taken), "")
        place = f"SELECT row_number() OVER () AS {number}, * FROM {_quoted(table)}"  # noqa: S608 - quoted
        if not rowid:
            return place, number
        try:
            (lowest,) = self.connection.execute(f"SELECT min({rowid}) FROM {_quoted(table)}").fetchone()  # noqa: S608 - quoted
        except sqlite3.OperationalError:
            return place, number
        if lowest is not None and lowest < 1:  # somebody has numbered them by hand
            return place.replace("OVER ()", f"OVER (ORDER BY {rowid})", 1), number
        return f"SELECT {rowid} AS {number}, * FROM {_quoted(table)}", number  # noqa: S608 - quoted


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The database at the path, as it is at this moment; raises Impossible for what is none of a Go hub's.

    And for one that turns out to be damaged when it is read.
    """
    try:
        is_there = path.is_file()
    except OSError as error:
        raise Impossible(f"{path} cannot be read: {error.strerror}") from None
    if not is_there:
        raise Impossible(f"There is no file {path}")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise Impossible(_unreadable(path, error)) from None
    connection.text_factory = bytes
    source = Source(connection)
    try:
        try:
            connection.execute("BEGIN")
            tables = source.tables()
        except sqlite3.Error as error:
            raise Impossible(_unreadable(path, error)) from None
        if not set(tables) & set(_KNOWN_BY):
            raise Impossible(f"{path} is no database of a Go hub: it has none of the tables {', '.join(_KNOWN_BY)}")
        yield source
    except sqlite3.Error as error:
        raise Impossible(f"{path} is damaged ({error}); what was moved in before that stays") from None
    finally:
        connection.close()


def _unreadable(path: Path, error: Exception) -> str:
    return (
        f"{path} cannot be read as an SQLite database ({error}); copy it with its -wal and -shm files, or stop the Go "
        "hub first"
    )


def _read_name(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        raise Impossible(f"The database has a table or column with a name that is no UTF-8: {name!r}") from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
