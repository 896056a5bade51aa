"""`felhom-hub import-go`: moves a Go hub's database in, beside a hub that is serving."""

# ruff: noqa: PLC0415  # --help needs no Django, and Django needs --config first

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from felhom_hub.base.instants import utc_now
from felhom_hub.base.words import count_words
from felhom_hub.cli.database import hub_database
from felhom_hub.cli.options import config_option, json_option
from felhom_hub.cli.summing import sum_up_apps

if TYPE_CHECKING:
    from felhom_hub.legacy.move import Moved
    from felhom_hub.legacy.plan import Table
    from felhom_hub.legacy.source import Source

_HEADINGS = ("TABLE", "ROWS", "STORED", "THERE ALREADY", "NOT UNDERSTOOD", "KEPT ASIDE")
_FAILED = 1


@click.command(epilog="Example: felhom-hub import-go /data/hub.db --dry-run")
@click.argument("path", metavar="[HUB.DB]", type=click.Path(path_type=Path), required=False)
@click.option("--dry-run", is_flag=True, help="Only show what would be done, and how each column is understood.")
@click.option(
    "--kept", "shows_kept", is_flag=True, help="Print what was not understood as JSON lines, secrets included."
)
@click.option("--forget-kept", is_flag=True, help="Delete what was not understood for good.")
@json_option
@config_option
@click.pass_context
def import_go(
    context: click.Context,
    path: Path | None,
    *,
    dry_run: bool,
    shows_kept: bool,
    forget_kept: bool,
    as_json: bool,
) -> None:
    """Move the database HUB.DB of the Go hub in: customers with their keys and passphrases, reports, events, all.

    The file is only read. The command can be stopped and run again: it goes on where it was, and with a newer copy it
    takes in what is new. What this hub knows already stays as it is.
    """
    if shows_kept or forget_kept:
        _require_alone(path, dry_run=dry_run, shows_kept=shows_kept, forget_kept=forget_kept)
        with hub_database():
            _kept(forget=forget_kept, as_json=as_json)
        return
    if path is None:
        raise click.UsageError("Give the path of the Go hub's database, hub.db")
    with hub_database():
        from felhom_hub.legacy.plan import plan_of
        from felhom_hub.legacy.source import open_source

        with open_source(path) as source:
            tables = plan_of(source)
            if dry_run:
                click.echo(json.dumps(_plan_document(tables)) if as_json else _plan_text(tables))
                return
            moved = moved_with_bars(source, tables)
    click.echo(json.dumps(_document(moved)) if as_json else _text(moved))
    if not all(each.adds_up for each in moved.tables):
        context.exit(_FAILED)


def moved_with_bars(source: "Source", tables: "list[Table]") -> "Moved":
    """Everything is moved in and summed up; a terminal shows how far that is."""
    from felhom_hub.legacy.move import move_in

    is_hidden = not sys.stderr.isatty()
    length = sum(table.rows for table in tables)
    with click.progressbar(length=length, label="Moving in", file=sys.stderr, hidden=is_hidden) as bar:
        moved = move_in(source, now=utc_now(), on_rows=bar.update)
    sum_up_apps(utc_now(), is_hidden=is_hidden)
    return moved


def _require_alone(path: Path | None, *, dry_run: bool, shows_kept: bool, forget_kept: bool) -> None:
    """What was kept is printed, or forgotten, by a command that is asked for nothing else; raises click.UsageError."""
    if shows_kept and forget_kept:
        raise click.UsageError("Give --kept or --forget-kept, not both: print first what is deleted for good")
    option = "--kept" if shows_kept else "--forget-kept"
    if dry_run:
        raise click.UsageError(f"{option} and --dry-run contradict each other")
    if path is not None:
        raise click.UsageError(f"{option} is about what was kept aside in every move; give it without {path}")


def _kept(*, forget: bool, as_json: bool) -> None:
    from felhom_hub.legacy.kept import forget_rows, kept_rows

    if forget:
        count = forget_rows()
        click.echo(json.dumps({"forgotten": count}) if as_json else f"{count_words(count, 'row')} forgotten")
        return
    for table, row, values in kept_rows():
        click.echo(json.dumps({"table": table, "row": row, "values": values}, ensure_ascii=False))


def _plan_document(tables: "list[Table]") -> dict[str, object]:
    return {
        "tables": [
            {
                "table": table.name,
                "rows": table.rows,
                "columns": dict(table.columns.by_field),
                "copies": list(table.columns.copied),
                "not_understood": list(table.columns.unknown),
                "problem": table.problem,
            }
            for table in tables
        ]
    }


def _plan_text(tables: "list[Table]") -> str:
    lines = ["Nothing was changed. This would be moved in:"]
    for table in tables:
        beyond = " beyond those moved in before" if table.through else ""
        lines.append(f"\n{table.name}: {count_words(table.rows, 'row')}{beyond}")
        if table.problem:
            lines.append(f"  kept aside whole: {table.problem}")
            continue
        lines += [f"  {name} from {column}" for name, column in table.columns.by_field.items() if name != column]
        same = [name for name, column in table.columns.by_field.items() if name == column]
        lines.append(f"  as they are called: {', '.join(same)}" if same else "")
        if table.columns.copied:
            lines.append(f"  told by what is stored anyway: {', '.join(table.columns.copied)}")
        if table.columns.unknown:
            lines.append(f"  not understood, kept aside: {', '.join(table.columns.unknown)}")
    return "\n".join(line for line in lines if line)


def _document(moved: "Moved") -> dict[str, object]:
    return {
        "tables": [
            {
                "table": each.table,
                "rows": each.rows_in,
                "stored": each.stored,
                "there_already": each.present,
                "not_understood": each.refused,
                "kept_aside": each.kept,
            }
            for each in moved.tables
        ],
        "notes": moved.notes,
    }


def _text(moved: "Moved") -> str:
    rows = [
        (each.table, *(f"{count:,}" for count in (each.rows_in, each.stored, each.present, each.refused, each.kept)))
        for each in moved.tables
    ]
    lines = [_HEADINGS, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    printed = [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    ]
    if moved.notes:
        printed += ["", "To look at:", *(f"- {note}" for note in moved.notes)]
    if any(each.kept for each in moved.tables):
        printed += ["", "What was kept aside lies sealed in the database: felhom-hub import-go --kept prints it."]
    return "\n".join(printed)
