"""Moves a Go hub's database in: table by table, in short transactions, each of which says how far it came.

So a move that was stopped goes on where it was, and one that is repeated with a newer copy takes in what is new. What
the hub knows already stays as it is; what is not understood is kept (`kept.py`), and nothing is lost silently. What
was kept before is replaced row by row, when the row is read again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from felhom_hub.base.errors import Conflict
from felhom_hub.base.secrets import keyring
from felhom_hub.legacy.entry import Entry, Outcome
from felhom_hub.legacy.kept import Kept, count_kept, forget_doubles, keep_anew
from felhom_hub.legacy.models import MovedTable
from felhom_hub.legacy.plan import Table, plan_of
from felhom_hub.legacy.source import Row, Source

_KEPT_PORTION = 200
_MOST_NOTES = 1000


@dataclass(frozen=True)
class Reconciled:
    """One table after the move: rows in = stored + present + refused; `kept` are rows of which something is kept."""

    table: str
    rows_in: int
    stored: int
    present: int
    refused: int
    kept: int

    @property
    def adds_up(self) -> bool:
        """False would be a fault of ours: a row that nobody knows the fate of."""
        return self.rows_in == self.stored + self.present + self.refused


@dataclass
class Moved:
    """What the move has come to so far; the notes are sentences for the operator."""

    tables: list[Reconciled] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def move_in(source: Source, *, now: datetime, on_rows: Callable[[int], None]) -> Moved:
    """Everything is moved in; `on_rows` is told of each portion's rows.

    Raises Conflict where another database was moved in before, SecretsError.
    """
    keyring()  # may make a file, which does not belong into a transaction
    tables = plan_of(source)
    for table in tables:
        _require_same(source, table)
    moved = Moved()
    for table in tables:
        for count, notes in _move_table(source, table, now):
            moved.notes += notes[: max(0, _MOST_NOTES - len(moved.notes))]
            on_rows(count)
    kept = count_kept()
    rows = {row.name: row for row in MovedTable.objects.all()}
    moved.tables = [_reconciled(rows[table.name], kept.get(table.name, 0)) for table in tables]
    return moved


def _require_same(source: Source, table: Table) -> None:
    """The row that was the last one before is the same still, if the Go hub has not deleted it."""
    before = MovedTable.objects.filter(name=table.name).exclude(last_row="").first()
    if before is None or table.step is None or table.step.is_whole:
        return
    row = source.row(table.name, before.through)
    if row is not None and _digest(row) != before.last_row:
        raise Conflict(
            f"Row {before.through} of {table.name} is another one than was moved in before: this is another Go hub's "
            "database, and only one can be moved into a hub"
        )


def _move_table(source: Source, table: Table, now: datetime) -> Iterator[tuple[int, list[str]]]:
    """The table is moved in; the rows of each portion, with its notes."""
    through, is_again = table.through, table.step is None or table.step.is_whole
    gone: set[int] = set()
    size = table.step.portion if table.step else _KEPT_PORTION
    with transaction.atomic():
        state, _ = MovedTable.objects.get_or_create(name=table.name, defaults={"moved_at": now})
        if is_again:
            zero = dict.fromkeys(("through", "rows_in", "stored", "present", "refused"), 0)
            MovedTable.objects.filter(pk=state.pk).update(**zero)
    while rows := source.rows(table.name, after=through, limit=size):
        with transaction.atomic():
            state = MovedTable.objects.select_for_update().get(name=table.name)
            if state.through != through:
                raise Conflict(f"{table.name} is being moved in by another command at this moment")
            outcome, kept = _take(table, rows, now)
            gone |= keep_anew(table.name, kept, read={row.number for row in rows}, after=through)
            through = rows[-1].number
            state.through, state.last_row, state.moved_at = through, _digest(rows[-1]), now
            state.rows_in += len(rows)
            state.stored += outcome.stored
            state.present += outcome.present
            state.refused += len(outcome.refused)
            state.save()
        yield len(rows), outcome.notes
    if is_again:
        with transaction.atomic():
            forget_doubles(table.name, gone, after=through)


def _take(table: Table, rows: Sequence[Row], now: datetime) -> tuple[Outcome, Kept]:
    """The rows are taken in; what became of them, and what of them is to be kept."""
    entries = [_entry(table, row) for row in rows]
    if table.step is None:
        outcome = Outcome(refused=dict.fromkeys((row.number for row in rows), table.problem))
    else:
        outcome = table.step.take(entries, now)
    kept: dict[int, Mapping[str, Any]] = {}
    for entry, row in zip(entries, rows, strict=True):
        if reason := outcome.refused.get(row.number):
            kept[row.number] = {**row.values, "_why": reason}
        elif left := {**entry.unknown, **outcome.aside.get(row.number, {})}:
            kept[row.number] = left
    return outcome, kept


def _entry(table: Table, row: Row) -> Entry:
    fields = {name: row.values[column] for name, column in table.columns.by_field.items()}
    unknown = {name: row.values[name] for name in table.columns.unknown if row.values[name] is not None}
    return Entry(row.number, fields, unknown)


def _digest(row: Row) -> str:
    return sha256(repr(sorted(row.values.items())).encode()).hexdigest()


def _reconciled(row: MovedTable, kept: int) -> Reconciled:
    return Reconciled(row.name, row.rows_in, row.stored, row.present, row.refused, kept)
