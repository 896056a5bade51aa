"""The one place with raw SQL: bulk reads and writes for the group-commit writer, the same on SQLite and PostgreSQL.

Django's ORM builds and binds a statement for each call; under the intake's load that alone costs more than SQLite
does. Here a statement is built once from a model and then only executed.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Literal

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_MOST_ROWS = 64  # to an execution on SQLite; 27 columns are then 1,728 of its 32,766 variables
# For what a page notes by the way: longer than the intake's own transactions take, too short to be felt.
SHORT_WAIT_MILLISECONDS = 50
Row = tuple[Any, ...]
OnConflict = Literal["fail", "ignore", "update"]

_POSTGRESQL_ARRAY_TYPES = {
    "smallint": "smallint", "integer": "int", "bigint": "bigint", "bytea": "bytea", "boolean": "bool",
}  # fmt: skip


@lru_cache(maxsize=256)
def _columns(model: type[models.Model], names: tuple[str, ...], vendor: str) -> tuple[str, tuple[str, ...]]:
    """The quoted column list of `names` (attribute names such as `customer_id`), and each one's array element type."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    chosen = [fields[name] for name in names]
    types = [str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection)) for field in chosen]
    elements = tuple(
        "double precision" if kind.startswith("double") else _POSTGRESQL_ARRAY_TYPES.get(kind, "text") for kind in types
    )
    return ", ".join(f'"{field.column}"' for field in chosen), elements if vendor == "postgresql" else ()


@lru_cache(maxsize=256)
def _insert_statement(  # noqa: PLR0917 - lru_cache takes them in order
    model: type[models.Model],
    names: tuple[str, ...],
    key: tuple[str, ...],
    on_conflict: OnConflict,
    returning: tuple[str, ...],
    vendor: str,
) -> str:
    columns, elements = _columns(model, names, vendor)
    table = model._meta.db_table
    if vendor == "postgresql":
        source = "SELECT * FROM unnest(" + ", ".join(f"%s::{element}[]" for element in elements) + ")"
    else:
        source = "VALUES (" + ", ".join("?" * len(names)) + ")"
    statement = f'INSERT INTO "{table}" ({columns}) {source}'
    if on_conflict == "ignore":
        statement += " ON CONFLICT DO NOTHING"
    elif on_conflict == "update":
        keys, _ = _columns(model, key, vendor)
        kept = [name for name in columns.split(", ") if name not in keys.split(", ")]
        statement += f" ON CONFLICT ({keys}) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in kept)
    return f"{statement} RETURNING {_columns(model, returning, vendor)[0]}" if returning else statement


def postgresql_bytes() -> int:
    """What the whole database takes on the server's disk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


@contextmanager
def short_wait() -> Iterator[None]:
    """Within it a write waits `SHORT_WAIT_MILLISECONDS` for what others have locked, and then raises DatabaseError."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{SHORT_WAIT_MILLISECONDS}ms"])
            yield
        return
    connection.ensure_connection()
    raw: Any = connection.connection
    (usual,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute(f"PRAGMA busy_timeout = {SHORT_WAIT_MILLISECONDS}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {usual}")


@contextmanager
def snapshot() -> Iterator[None]:
    """Within it every query sees the database as the first one does. For reading only; a caller's transaction goes on.

    Django's `atomic` would take the write lock on SQLite, for which all of the intake waits.
    """
    if connection.in_atomic_block:
        yield
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw: Any = connection.connection
    with connection.wrap_database_errors:
        raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "BEGIN")
    try:
        yield
    finally:
        with connection.wrap_database_errors:
            raw.execute("ROLLBACK")  # nothing was written


def make_append_only(wrapper: BaseDatabaseWrapper, table: str) -> None:
    """The database itself refuses to change or remove a row of the table with IntegrityError, whoever asks."""
    sentence = f"{table} is only added to"
    if wrapper.vendor == "postgresql":
        function = (
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
            f"'{sentence}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        trigger = (
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
        )
        statements = [function, trigger]
    else:
        # The last is REPLACE, which removes the row that is in its way without asking the trigger on DELETE.
        there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        statements = [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            for verb, condition in (("UPDATE", ""), ("DELETE", ""), ("INSERT", there))
        ]
    _execute(wrapper, statements)


def lift_append_only(wrapper: BaseDatabaseWrapper, table: str) -> None:
    """Takes back what `make_append_only` has done."""
    if wrapper.vendor == "postgresql":
        _execute(wrapper, [f"DROP FUNCTION {table}_refuse() CASCADE"])  # with its trigger
    else:
        _execute(wrapper, [f"DROP TRIGGER {table}_no_{verb}" for verb in ("update", "delete", "insert")])


def _execute(wrapper: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with wrapper.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Db:
    """Bulk statements on this thread's connection; the caller has opened the transaction."""

    def __init__(self, wrapper: BaseDatabaseWrapper | None = None) -> None:
        self._wrapper = wrapper or connections[DEFAULT_DB_ALIAS]  # the proxy would look for it at each call
        self._wrapper.ensure_connection()
        self.vendor = self._wrapper.vendor
        raw: Any = self._wrapper.connection
        # Django's own PostgreSQL cursor writes values into the statement's text; this one sends them apart.
        self._cursor: Any = psycopg.Cursor(raw) if self.vendor == "postgresql" else raw.cursor()

    def select(
        self,
        model: type[models.Model],
        names: tuple[str, ...],
        *,
        key: str,
        values: Iterable[int | str],
        also: tuple[str, int] | None = None,
        lock: bool = False,
    ) -> list[Row]:
        """The rows whose `key` is one of `values` (and whose column `also[0]` is `also[1]`), in no promised order.

        With `lock` they stay locked until the transaction ends, taken in key order so that two hubs on one
        PostgreSQL cannot wait for each other; SQLite has one writer anyway.
        """
        wanted = sorted(set(values))
        if not wanted:
            return []
        columns, _ = _columns(model, names, self.vendor)
        key_column, elements = _columns(model, (key,), self.vendor)
        statement = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {key_column} '
        parameters: list[Any]
        if self.vendor == "postgresql":
            statement += f"= ANY(%s::{elements[0]}[])"
            parameters = [wanted]
        else:
            statement += "IN (SELECT value FROM json_each(?))"
            parameters = [json.dumps(wanted)]
        if also:
            statement += f' AND "{also[0]}" = ' + self._mark
            parameters.append(also[1])
        if lock and self.vendor == "postgresql":
            # NO KEY: a row that only refers to one of these need not wait.
            statement += f" ORDER BY {key_column} FOR NO KEY UPDATE"
        return self._fetch(statement, parameters)

    def insert(
        self,
        model: type[models.Model],
        names: tuple[str, ...],
        rows: Sequence[Row],
        *,
        on_conflict: OnConflict = "fail",
        key: tuple[str, ...] = (),
        returning: tuple[str, ...] = (),
    ) -> list[Row]:
        """The rows are in the table when the transaction commits.

        `on_conflict="ignore"` leaves a row that is there already as it is; `"update"` writes the new values over the
        row with the same `key`, which no two of `rows` may share. Returns the columns `returning` of each row that was
        written, where some are named.
        """
        if not rows:
            return []
        statement = _insert_statement(model, names, key, on_conflict, returning, self.vendor)
        with self._wrapper.wrap_database_errors:
            if self.vendor == "postgresql":
                self._cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
                written: list[Row] = self._cursor.fetchall() if returning else []
            else:
                written = self._insert_in_few(statement, rows)
        return written

    def update_each(self, model: type[models.Model], name: str, rows: Sequence[tuple[int, int | str | None]]) -> None:
        """The column `name` of each row has the value given with the row's key when the transaction commits."""
        if not rows:
            return
        table, key = model._meta.db_table, model._meta.pk.column
        parameters: list[Any]
        if self.vendor == "postgresql":
            _, (element,) = _columns(model, (name,), self.vendor)
            source = f"unnest(%s::bigint[], %s::{element}[]) AS k(key, value)"
            statement = f'UPDATE "{table}" SET "{name}" = k.value FROM {source} WHERE "{table}"."{key}" = k.key'
            parameters = [list(column) for column in zip(*rows, strict=True)]
        else:
            source, found = "json_each(?) AS k", "(k.value ->> 0)"
            statement = f'UPDATE "{table}" SET "{name}" = (k.value ->> 1) FROM {source} WHERE "{key}" = {found}'
            parameters = [json.dumps(rows)]
        with self._wrapper.wrap_database_errors:
            self._cursor.execute(statement, parameters)

    def delete(self, model: type[models.Model], pks: Sequence[int]) -> int:
        """The rows with these keys are gone when the transaction commits; returns how many there were.

        What refers to them is the caller's to see to: there is no cascade.
        """
        table = model._meta.db_table
        parameter: Any
        if self.vendor == "postgresql":
            statement, parameter = f'DELETE FROM "{table}" WHERE id = ANY(%s::bigint[])', list(pks)
        else:
            statement = f'DELETE FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))'
            parameter = json.dumps(list(pks))
        with self._wrapper.wrap_database_errors:
            return int(self._cursor.execute(statement, [parameter]).rowcount)

    def _insert_in_few(self, statement: str, rows: Sequence[Row]) -> list[Row]:
        """Several rows to an execution, in counts that are powers of two so that few statements are prepared.

        `executemany` runs row by row and offers the interpreter to other threads at each one; under load the writer
        then waits for the event loop after every row (docs/performance.md).
        """
        head, values, tail = statement.partition("VALUES ")
        marks, _, rest = tail.partition(")")
        done, written = 0, []
        while done < len(rows):
            count = min(_MOST_ROWS, 1 << (len(rows) - done).bit_length() - 1)
            many = f"{head}{values}" + ", ".join([f"{marks})"] * count) + rest
            self._cursor.execute(many, [value for row in rows[done : done + count] for value in row])
            written += self._cursor.fetchall()
            done += count
        return written

    @property
    def _mark(self) -> str:
        return "%s" if self.vendor == "postgresql" else "?"

    def _fetch(self, statement: str, parameters: Sequence[Any]) -> list[Row]:
        with self._wrapper.wrap_database_errors:
            rows: list[Row] = self._cursor.execute(statement, parameters).fetchall()
        return rows
