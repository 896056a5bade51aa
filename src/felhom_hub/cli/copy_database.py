"""`felhom-hub copy-database`: the hub's SQLite file, copied into PostgreSQL and compared with the copy row by row."""

# ruff: noqa: PLC0415  # --help needs no Django, and Django needs the target first

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from felhom_hub.base.words import count_words
from felhom_hub.cli import complain
from felhom_hub.cli.options import config_option, json_option
from felhom_hub.cli.setup import set_up
from felhom_hub.project.database_url import PostgresqlUrl, SqliteUrl, parse_database_url
from felhom_hub.project.hubfile import configured_path, load
from felhom_hub.project.sources import UnreadableError, read_text

if TYPE_CHECKING:
    from felhom_hub.base.copy.tables import Table
    from felhom_hub.project.copy.compare import Compared
    from felhom_hub.project.copy.source import Source
    from felhom_hub.project.copy.target import Target

_VARIABLE: Final = "FELHOM_HUB_COPY_TO"
_FILE_VARIABLE: Final = f"{_VARIABLE}_FILE"
_DATABASE_VARIABLE: Final = "FELHOM_HUB_DATABASE__URL"
_HEADINGS: Final = ("TABLE", "ROWS", "COPIED", "SAME")
_FAILED: Final = 1

Result = TypeVar("Result")


@click.command(epilog="Example: felhom-hub copy-database --to postgresql://felhom@db.example.org/felhom")
@click.option(
    "--to",
    "given",
    metavar="URL",
    help=f"The PostgreSQL to copy into. [default: {_VARIABLE}, or the file that {_FILE_VARIABLE} names]",
)
@click.option("--replace", is_flag=True, help="Delete the hub's rows that the target holds.")
@click.option("--only-compare", is_flag=True, help="Copy nothing: compare the target with the SQLite file.")
@json_option
@config_option
@click.pass_context
def copy_database(
    context: click.Context, given: str | None, *, replace: bool, only_compare: bool, as_json: bool
) -> None:
    """Copy the hub's SQLite file (database.url) into a PostgreSQL without rows of a hub. Stop the hub first.

    Every row is compared before the copy is committed: where one differs, or the command is stopped, nothing is kept.
    The SQLite file stays as it is. Others see a password on the command line: ~/.pgpass or the variable hides it.
    """
    if replace and only_compare:
        raise click.UsageError("--replace and --only-compare contradict each other")
    target = _target(given)
    path = _source_path()
    # Whatever a migration does is done to the copy: to Django it is the hub's database from here on.
    os.environ.pop(f"{_DATABASE_VARIABLE}_FILE", None)
    os.environ[_DATABASE_VARIABLE] = target.text
    set_up()
    found = _copied(path, target.url, replace=replace, only_compare=only_compare)
    click.echo(json.dumps(_document(found)) if as_json else _text(found))
    if not all(each.is_same for each in found):
        for each in found:
            if not each.is_same:
                complain([f"{each.table} differs, first in row {each.first_difference!r}"])
        if not only_compare:
            complain(["Nothing of the copy was kept"])
        context.exit(_FAILED)
    if not only_compare and not as_json:
        click.echo("\nEvery row is the same. Set database.url to the copy, and start the hub (docs/operating.md).")


class _Target:
    """The URL as it was given, and what it says."""

    def __init__(self, text: str, url: PostgresqlUrl) -> None:
        self.text, self.url = text, url


def _target(given: str | None) -> _Target:
    """What the option says, or else the variable, or the file; the variables are no settings and go."""
    text, path = os.environ.pop(_VARIABLE, ""), os.environ.pop(_FILE_VARIABLE, "")
    where = "--to" if given is not None else _VARIABLE
    if given is not None:
        text = given
    elif path:
        where = _FILE_VARIABLE
        try:
            text = read_text(Path(path)).strip()
        except UnreadableError as error:
            raise click.UsageError(f"{_FILE_VARIABLE}: {path}: {error}") from None
    if not text:
        raise click.UsageError(f"Name the PostgreSQL to copy into: --to postgresql://…, or {_VARIABLE}")
    try:
        url = parse_database_url(text)
    except ValueError as error:
        raise click.UsageError(f"{where}: {error}") from None
    if not isinstance(url, PostgresqlUrl):
        raise click.UsageError(f"{where}: the copy is made in a PostgreSQL; name it as postgresql://user@host/name")
    return _Target(text, url)


def _source_path() -> Path:
    loaded = load(configured_path(os.environ), os.environ)
    complain([f"warning: {warning}" for warning in loaded.warnings])
    url = loaded.options.database.url
    if not isinstance(url, SqliteUrl):
        raise click.UsageError("database.url names a PostgreSQL; it is a SQLite file that is copied")
    return url.path


def _copied(path: Path, url: PostgresqlUrl, *, replace: bool, only_compare: bool) -> "list[Compared]":
    import sqlite3

    import psycopg
    from django.db import Error

    from felhom_hub.base.copy.tables import tables_of_the_hub
    from felhom_hub.project.copy.carry import UnstorableError, require_copy, require_room, require_this_version
    from felhom_hub.project.copy.source import SourceError, open_source
    from felhom_hub.project.copy.target import TargetError, open_target
    from felhom_hub.project.migrate import migrate_alone

    tables = tables_of_the_hub()
    try:
        with open_source(path) as source, open_target(url) as target:
            require_this_version(source)
            unknown = sorted(source.tables() - {each.name for each in tables})
            complain([f"warning: {name} is no table of the hub's, and is left out" for name in unknown])
            if only_compare:
                require_copy(target)
            else:
                require_room(target, tables, replace=replace)
                migrate_alone()
            return _in_one_transaction(source, target, tables, replace=replace, only_compare=only_compare)
    except (SourceError, TargetError) as error:
        raise click.UsageError(str(error)) from None
    except UnstorableError as error:
        raise click.ClickException(f"{error}. Nothing of the copy was kept") from None
    except psycopg.Error as error:
        raise click.ClickException(f"The target failed: {_one_line(error)}. Nothing of the copy was kept") from None
    except Error as error:
        raise click.UsageError(f"The target cannot be used: {_one_line(error)}") from None
    except sqlite3.Error as error:
        raise click.ClickException(f"{path} cannot be read: {_one_line(error)}. Nothing of the copy was kept") from None


def _in_one_transaction(
    source: "Source", target: "Target", tables: "list[Table]", *, replace: bool, only_compare: bool
) -> "list[Compared]":
    """The rows are kept only where each is the same on both sides."""
    import psycopg

    from felhom_hub.project.copy.carry import carry_all, compare_all

    rows = sum(source.count(each) for each in tables)
    with target.connection.transaction():
        if not only_compare:
            _with_bar(
                "Copying", rows, lambda on_rows: carry_all(source, target, tables, replace=replace, on_rows=on_rows)
            )
        found = _with_bar("Comparing", rows, lambda on_rows: compare_all(source, target, tables, on_rows=on_rows))
        if not only_compare and not all(each.is_same for each in found):
            raise psycopg.Rollback
    if not only_compare:
        target.count_anew(tables)
    return found


def _with_bar(label: str, length: int, work: Callable[[Callable[[int], None]], Result]) -> Result:
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        return work(bar.update)


def _one_line(error: Exception) -> str:
    """The first line: what follows may quote what is in a row."""
    return str(error).partition("\n")[0].strip().rstrip(".")


def _document(found: "list[Compared]") -> dict[str, object]:
    return {
        "same": all(each.is_same for each in found),
        "tables": [
            {
                "table": each.table,
                "rows": each.rows,
                "copied": each.copied,
                "same": each.is_same,
                "sha256": each.sha256,
                "copied_sha256": each.copied_sha256,
            }
            for each in found
        ],
    }


def _text(found: "list[Compared]") -> str:
    total = (count_words(len(found), "table"), sum(each.rows for each in found), sum(each.copied for each in found))
    rows = [
        *((each.table, each.rows, each.copied, "yes" if each.is_same else "NO") for each in found),
        (*total, "yes" if all(each.is_same for each in found) else "NO"),
    ]
    lines = [_HEADINGS, *((name, f"{rows:,}", f"{copied:,}", same) for name, rows, copied, same in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    )
