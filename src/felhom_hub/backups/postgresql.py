"""A PostgreSQL of one moment, as an SQLite file: every row read in one transaction, written, and compared.

The tables are made from the models, which is what the migrations come to; the ledger of migrations comes along, so that
what is restored is a hub's database of this version. Rows go through one by one: memory does not grow with the tables.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date
from pathlib import Path
from typing import Any, Final

import psycopg
from django.apps import apps
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql
from psycopg.types.json import set_json_loads

from felhom_hub.backups.sqlite_file import Rest
from felhom_hub.base.copy.tables import Table, tables_of_the_hub
from felhom_hub.base.copy.values import Kind, Row, canonical, converter
from felhom_hub.base.db import make_append_only

_ROWS_AT_ONCE: Final = 500
# Snapshots of boxes are large: what waits to be written is bounded by its bytes, too.
_BYTES_AT_ONCE: Final = 4 << 20
_PAGE_BYTES: Final = 8192
# Nobody else opens the file, and one that is not finished is thrown away.
_PRAGMAS: Final = (
    f"PRAGMA page_size={_PAGE_BYTES};PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF;PRAGMA cache_size=-8192;"
)


class CopyDiffersError(Exception):
    """A table of the copy is not what the server has; the message names it."""


def copy_postgresql(parameters: dict[str, Any], copy: Path, rest: Rest) -> None:
    """`copy` is an SQLite file with every row of the hub's tables as they were at one moment.

    Raises psycopg.Error, sqlite3.Error, CopyDiffersError.
    """
    wrapper = _sqlite(copy)
    try:
        indexes = _make_tables(wrapper)
    finally:
        wrapper.close()
    tables = tables_of_the_hub()
    with _connected(parameters) as server, closing(_plain(copy)) as file:
        server.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        file.execute("BEGIN")
        read = {table.name: _carry(server, file, table, rest) for table in tables}
        for table in tables:
            _go_on_numbering(server, file, table)
        _carry_migrations(server, file)
        file.execute("COMMIT")
        append_only = _append_only(server)
        server.execute("ROLLBACK")  # nothing was written
        for statement in indexes:  # it is quicker to fill a table first
            file.execute(statement)
            rest()
        for table in tables:
            if _digest_of(table, _rows_of_copy(file, table), rest) != read[table.name]:
                raise CopyDiffersError(f"Table {table.name} was not copied as it is")
    try:
        for name in append_only:
            make_append_only(wrapper, name)
    finally:
        wrapper.close()


@contextmanager
def _connected(parameters: dict[str, Any]) -> Iterator[psycopg.Connection[Row]]:
    server = psycopg.connect(**parameters | {"autocommit": True, "client_encoding": "UTF8"})
    try:
        set_json_loads(_as_text, context=server)  # JSON goes through as the text that it is
        yield server
    finally:
        server.close()


def _as_text(data: str | bytes) -> str:
    return data if isinstance(data, str) else data.decode()


def _sqlite(path: Path) -> DatabaseWrapper:
    """A connection as Django has them, which knows how to make tables; no other query goes through it."""
    settings = connections.settings["default"] | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {"init_command": _PRAGMAS},
    }
    return DatabaseWrapper(settings, alias="backup")


def _make_tables(wrapper: DatabaseWrapper) -> list[str]:
    """The tables are there, and are empty; returns the statements that make their indexes."""
    # Not entered: it would look for the connection among Django's own, and examine each reference of each row.
    editor = wrapper.schema_editor(atomic=False)
    editor.deferred_sql = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            editor.create_model(model)
    editor.create_model(MigrationRecorder.Migration)
    return [str(statement) for statement in editor.deferred_sql]


def _plain(path: Path) -> sqlite3.Connection:
    """Values go in and come out as they are, which they do not through Django's."""
    file = sqlite3.connect(path, isolation_level=None)
    file.executescript(_PRAGMAS)
    return file


def _carry(server: psycopg.Connection[Row], file: sqlite3.Connection, table: Table, rest: Rest) -> tuple[int, str]:
    """The table's rows are in the copy; how many they are, and their digest."""
    query = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
        sql.SQL(", ").join(sql.Identifier(each.name) for each in table.columns),
        sql.Identifier(table.name),
        _order(table),
    )
    names = ", ".join(f'"{each.name}"' for each in table.columns)
    marks = ", ".join("?" * len(table.columns))
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - a model's
    dates = [index for index, each in enumerate(table.columns) if each.kind is Kind.DATE]
    digest = _Digest(canonical(table.columns))
    with server.cursor(binary=True) as cursor:
        for rows in _portions(digest.noted(cursor.stream(query))):
            file.executemany(statement, [_for_sqlite(row, dates) for row in rows])
            rest()
    return digest.result


def _order(table: Table) -> sql.Composable:
    """As SQLite has it: texts by their bytes."""
    key = table.columns[table.key]
    return sql.SQL('{} COLLATE "C"' if key.kind is Kind.TEXT else "{}").format(sql.Identifier(key.name))


def _portions(rows: Iterable[Row]) -> Iterator[list[Row]]:
    portion: list[Row] = []
    size = 0
    for row in rows:
        portion.append(row)
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if len(portion) == _ROWS_AT_ONCE or size >= _BYTES_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _for_sqlite(row: Row, dates: Sequence[int]) -> Row:
    if not dates:
        return row
    return tuple(value.isoformat() if isinstance(value, date) else value for value in row)


class _Digest:
    """Counts and digests rows that go by."""

    def __init__(self, form: Callable[[Row], bytes]) -> None:
        self._form, self._sum, self._count = form, hashlib.sha256(), 0

    def noted(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, unchanged."""
        for row in rows:
            written = self._form(row)
            self._sum.update(b"%d:" % len(written) + written)
            self._count += 1
            yield row

    @property
    def result(self) -> tuple[int, str]:
        """Of all that has gone by."""
        return self._count, self._sum.hexdigest()


def _rows_of_copy(file: sqlite3.Connection, table: Table) -> Iterator[Row]:
    names = ", ".join(f'"{each.name}"' for each in table.columns)
    rows = file.execute(f'SELECT {names} FROM "{table.name}" ORDER BY "{table.columns[table.key].name}"')  # noqa: S608 - a model's
    return map(converter(table.columns), rows)


def _digest_of(table: Table, rows: Iterable[Row], rest: Rest) -> tuple[int, str]:
    digest = _Digest(canonical(table.columns))
    for number, _ in enumerate(digest.noted(rows)):
        if number % _ROWS_AT_ONCE == 0:
            rest()
    return digest.result


def _go_on_numbering(server: psycopg.Connection[Row], file: sqlite3.Connection, table: Table) -> None:
    """The next row that is numbered in the copy has a higher number than any that the server ever gave."""
    if not table.counts:
        return
    key = table.columns[table.key].name
    found = server.execute(
        "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s))", (table.name, key)
    ).fetchone()
    if found and found[0]:
        file.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        file.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, found[0]))


def _carry_migrations(server: psycopg.Connection[Row], file: sqlite3.Connection) -> None:
    """The ledger of migrations, whose times Django writes in UTC without saying so."""
    rows = server.execute("SELECT app, name, applied FROM django_migrations ORDER BY id").fetchall()
    file.executemany(
        "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)",
        [(app, name, f"{applied.astimezone(UTC).replace(tzinfo=None)}") for app, name, applied in rows],
    )


def _append_only(server: psycopg.Connection[Row]) -> list[str]:
    """The tables that nothing can be changed in (base/db.py), by their trigger."""
    query = """
        SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND t.tgname = c.relname || '_append_only' ORDER BY 1
    """
    return [name for (name,) in server.execute(query)]
