"""The whole copy: what stands against it, every row carried over in one transaction, and the comparison at its end."""

import struct
from collections.abc import Callable, Collection, Iterator, Sequence

import psycopg
from django.db.migrations.loader import MigrationLoader

from felhom_hub.base.copy.tables import Table
from felhom_hub.base.copy.values import Row, canonical, converter, problem_of
from felhom_hub.project.copy.compare import Compared, compare
from felhom_hub.project.copy.source import Source, SourceError
from felhom_hub.project.copy.target import Target, TargetError

_AT_ONCE = 500  # rows between two words to the progress bar
OnRows = Callable[[int], None]
# What the server, its client and our own conversions say to a value of another kind than the column's.
_REFUSALS = (psycopg.DataError, psycopg.IntegrityError, LookupError, TypeError, ValueError, OverflowError, struct.error)


class UnstorableError(Exception):
    """PostgreSQL refuses a row; the message names table, row and column, and never the value."""


def require_this_version(source: Source) -> None:
    """The file is a hub's of this version; raises SourceError."""
    known, applied = _our_migrations(), source.migrations()
    if newer := _newer(applied):
        raise SourceError(f"The database was used by a newer felhom-hub, which made {newer}; use that one")
    if pending := len(known - applied):
        raise SourceError(
            f"The database is not that of this version ({pending} pending migrations); start the hub once, and stop it"
        )


def require_room(target: Target, tables: Sequence[Table], *, replace: bool) -> None:
    """The target has no row of a hub's, or they may go; raises TargetError."""
    if newer := _newer(target.migrations()):
        raise TargetError(f"The target was used by a newer felhom-hub, which made {newer}; use that one")
    filled = target.tables_with_rows(tables)
    if filled and not replace:
        raise TargetError(
            f"The target holds a hub's rows already, as in {filled[0]}; name an empty database, or use --replace, "
            "which deletes them all"
        )


def require_copy(target: Target) -> None:
    """The target has the tables of this version, to compare with; raises TargetError."""
    if not _our_migrations() <= target.migrations():
        raise TargetError("The target holds no copy of this version")


def carry_all(source: Source, target: Target, tables: Sequence[Table], *, replace: bool, on_rows: OnRows) -> None:
    """Every row is in the target when its transaction commits; raises UnstorableError, TargetError, psycopg.Error."""
    target.lock(tables)
    require_room(target, tables, replace=replace)  # again: another hub may have begun there meanwhile
    if replace:
        target.empty(tables)
    for table in tables:
        convert = converter(table.columns)
        try:
            target.write(table, _counted((convert(row) for row in source.rows(table)), on_rows))
        except _REFUSALS:
            _name_the_row(source, table)
            raise
        target.go_on_numbering(table, source.last_number(table))


def compare_all(source: Source, target: Target, tables: Sequence[Table], *, on_rows: OnRows) -> list[Compared]:
    """Every table of both sides, in the order of `tables`."""
    found = []
    for table in tables:
        convert = converter(table.columns)
        rows = _counted((convert(row) for row in source.rows(table)), on_rows)
        form = canonical(table.columns)
        found.append(compare(table.name, rows, target.rows(table), key=table.key, canonical=form))
    return found


def _our_migrations() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def _newer(applied: Collection[tuple[str, str]]) -> str:
    """A migration of our rooms that this version does not know; empty where there is none."""
    known = _our_migrations()
    rooms = {room for room, _ in known}
    return max((f"{room}.{name}" for room, name in applied if room in rooms and (room, name) not in known), default="")


def _name_the_row(source: Source, table: Table) -> None:
    """Raises UnstorableError for the first row that PostgreSQL cannot store, if there is one."""
    for row in source.rows(table):
        for value, column in zip(row, table.columns, strict=True):
            if problem := problem_of(value, column):
                where = f"{table.name}, row {row[table.key]!r}, column {column.name}"
                raise UnstorableError(f"{where}: {problem}") from None


def _counted(rows: Iterator[Row], on_rows: OnRows) -> Iterator[Row]:
    count = 0
    for count, row in enumerate(rows, start=1):
        yield row
        if count % _AT_ONCE == 0:
            on_rows(_AT_ONCE)
    on_rows(count % _AT_ONCE)
