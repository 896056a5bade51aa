"""The PostgreSQL that the copy is made in: whether it may be, and rows in and out of it.

The connection is one of its own, apart from Django's, which changes how values are read; hence the SQL of its own.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import set_json_dumps, set_json_loads

from felhom_hub.base.copy.tables import Table
from felhom_hub.base.copy.values import Kind, Row
from felhom_hub.project.checks.database import FIRST_POSTGRESQL
from felhom_hub.project.database_url import PostgresqlUrl
from felhom_hub.project.databases import django_database

# To one COPY. What a foreign key refers to is looked for at its end, and the server remembers every row until then.
_ROWS_AT_ONCE = 20_000
_TENTHS = 10_000  # the server says its version as 150004


class TargetError(Exception):
    """The copy cannot be made there; the message is one plain line with the way out."""


@dataclass(frozen=True)
class Target:
    """The open database."""

    connection: psycopg.Connection[Row]

    def tables(self) -> set[str]:
        """The names of the tables that are found without a schema's name."""
        query = "SELECT tablename FROM pg_tables WHERE schemaname = ANY(current_schemas(false))"
        return {name for (name,) in self.connection.execute(query)}

    def migrations(self) -> set[tuple[str, str]]:
        """Room and name of each migration that was applied."""
        if "django_migrations" not in self.tables():
            return set()
        return {(room, name) for room, name in self.connection.execute("SELECT app, name FROM django_migrations")}

    def tables_with_rows(self, tables: Iterable[Table]) -> list[str]:
        """The names of those that are not empty."""
        there = self.tables()
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})")
        return [
            each.name
            for each in tables
            if each.name in there
            and self.connection.execute(query.format(sql.Identifier(each.name))).fetchone() == (True,)
        ]

    def lock(self, tables: Iterable[Table]) -> None:
        """Nobody else reads or writes them until the transaction ends."""
        names = sql.SQL(", ").join(sql.Identifier(each.name) for each in tables)
        self.connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))

    def empty(self, tables: Collection[Table]) -> None:
        """They have no row, not even those that are only added to (base/db.py)."""
        for verb in ("DISABLE", "ENABLE"):
            for each in tables:
                self.connection.execute(
                    sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(each.name), sql.SQL(verb))
                )
            if verb == "DISABLE":
                names = sql.SQL(", ").join(sql.Identifier(each.name) for each in tables)
                self.connection.execute(sql.SQL("TRUNCATE {}").format(names))

    def write(self, table: Table, rows: Iterator[Row]) -> None:
        """The rows are in the table when the transaction commits; raises psycopg.Error."""
        # A row of this table may refer to one that comes after it.
        when = sql.SQL("DEFERRED" if table.refers_to_itself else "IMMEDIATE")
        self.connection.execute(sql.SQL("SET CONSTRAINTS ALL {}").format(when))
        columns = sql.SQL(", ").join(sql.Identifier(each.name) for each in table.columns)
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table.name), columns)
        with self.connection.cursor() as cursor:
            for first in rows:
                with cursor.copy(statement) as copy:
                    copy.set_types([each.kind for each in table.columns])
                    for row in chain([first], islice(rows, _ROWS_AT_ONCE - 1)):
                        copy.write_row(row)

    def rows(self, table: Table) -> Iterator[Row]:
        """All its rows, one after the other in the order in which SQLite has their keys."""
        columns = sql.SQL(", ").join(sql.Identifier(each.name) for each in table.columns)
        key = table.columns[table.key]
        order = sql.SQL('{} COLLATE "C"' if key.kind is Kind.TEXT else "{}").format(sql.Identifier(key.name))
        query = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(columns, sql.Identifier(table.name), order)
        with self.connection.cursor(binary=True) as cursor:
            yield from cursor.stream(query)

    def go_on_numbering(self, table: Table, last: int) -> None:
        """The next row that the database numbers itself has a higher number than `last`."""
        if last:
            key = table.columns[table.key].name
            self.connection.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", (table.name, key, last))

    def count_anew(self, tables: Iterable[Table]) -> None:
        """The server knows what is in them; before, it would plan queries as for empty ones."""
        names = sql.SQL(", ").join(sql.Identifier(each.name) for each in tables)
        self.connection.execute(sql.SQL("ANALYZE {}").format(names))


@contextmanager
def open_target(url: PostgresqlUrl) -> Iterator[Target]:
    """The database that the URL names; raises TargetError where it does not answer or is not fit to hold a hub."""
    named = django_database(url)
    options: dict[str, Any] = {
        "dbname": named["NAME"],
        "user": named["USER"] or None,
        "password": named["PASSWORD"] or None,
        "host": named["HOST"] or None,
        "port": named["PORT"] or None,
        **named["OPTIONS"],
    }
    try:
        connection = psycopg.connect(**options, autocommit=True, client_encoding="UTF8")
    except psycopg.Error as error:  # its text names host and user, never the password
        raise TargetError(f"The target cannot be reached: {' '.join(str(error).split())}") from None
    try:
        version = connection.info.server_version
        if version < FIRST_POSTGRESQL * _TENTHS:
            raise TargetError(
                f"The target is PostgreSQL {version // _TENTHS}; the hub needs {FIRST_POSTGRESQL} or newer"
            )
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise TargetError(f"The target stores texts as {encoding}; make the database with ENCODING 'UTF8'")
        # JSON goes through as the text that it is.
        set_json_dumps(str, context=connection)
        set_json_loads(_as_text, context=connection)
        yield Target(connection)
    finally:
        connection.close()


def _as_text(data: str | bytes) -> str:
    return data if isinstance(data, str) else data.decode()
