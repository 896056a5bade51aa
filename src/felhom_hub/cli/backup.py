"""`felhom-hub backup` and `backup verify`: the hub's own backups, made beside a hub that is serving."""

# ruff: noqa: PLC0415  # --help needs no Django, and Django needs --config first

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from felhom_hub.base.instants import utc_now
from felhom_hub.base.words import count_words
from felhom_hub.cli.bars import bar_of_portions
from felhom_hub.cli.database import hub_database
from felhom_hub.cli.options import DirectoryPath, config_option, json_option
from felhom_hub.cli.restore import plainly

if TYPE_CHECKING:
    from felhom_hub.backups.container import Contents


@click.group(invoke_without_command=True, epilog="Example: felhom-hub backup --to /backups --keep 30")
@click.option("--to", "directory", type=DirectoryPath(), help="Where the file goes.  [default: backup.dir, or backups/ in server.data_dir]")  # fmt: skip  # noqa: E501
@click.option("--keep", type=click.IntRange(1, 10_000), help="So many of the newest stay in there.  [default: backup.keep]")  # fmt: skip  # noqa: E501
@json_option
@config_option
@click.pass_context
def backup(context: click.Context, *, directory: Path | None, keep: int | None, as_json: bool) -> None:
    """Back the hub up: its database of this moment and its assets, in one compressed and sealed file.

    Works beside a serving hub, which does the same by itself where backup.dir is set. A PostgreSQL becomes an SQLite
    database in it. To restore it, the keys that seal are needed (secret.keys): keep their copy elsewhere.
    """
    if context.invoked_subcommand is not None:
        if directory is not None or keep is not None or as_json:
            raise click.UsageError("--to, --keep and --json before `verify` are for making a backup; leave them out")
        return
    with hub_database(), plainly():
        from django.conf import settings

        from felhom_hub.backups.record import make_backup
        from felhom_hub.backups.source import source_of_hub
        from felhom_hub.backups.sqlite_file import portions_in

        own = settings.HUB.backup
        place = directory or Path(own.dir or settings.HUB.server.data_dir / "backups")
        source = source_of_hub()
        with bar_of_portions("Backing up", portions_in(source.size_bytes())) as told:
            taken, removed = make_backup(
                source, settings.HUB.assets.dir, place, keep=keep or own.keep, now=utc_now(), rest=told
            )
    document = {
        "path": str(taken.path),
        "bytes": taken.size_bytes,
        "removed": [path.name for path in removed],
        **_of(taken.contents),
    }
    if as_json:
        click.echo(json.dumps(document))
        return
    click.echo(f"{taken.path}: {taken.size_bytes:,} bytes, of {taken.contents.database_bytes:,}")
    click.echo(
        f"{_rows(taken.contents)}; older ones removed: {len(removed)}. Prove it with `felhom-hub backup verify`."
    )


@backup.command(epilog="Example: felhom-hub backup verify /backups/hub-20261127T033000Z.felhom-backup")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@config_option
def verify(path: Path, *, as_json: bool) -> None:
    """Prove the backup FILE: restore it into a scratch place and compare checksum, rows and soundness."""
    with hub_database(), plainly(path):
        from django.conf import settings

        from felhom_hub.backups.record import prove_backup
        from felhom_hub.backups.restore import portions_of

        with bar_of_portions("Proving", portions_of(path)) as told:
            contents = prove_backup(path, settings.HUB.server.data_dir, now=utc_now(), rest=told)
    outcome = f"{path}: can be restored. Made {contents.made_at} by {contents.version}; {_rows(contents)}."
    click.echo(json.dumps({"path": str(path), **_of(contents)}) if as_json else outcome)


def _of(contents: "Contents") -> dict[str, object]:
    return {
        "made_at": contents.made_at,
        "version": contents.version,
        "rows": sum(contents.tables.values()),
        "tables": len(contents.tables),
        "assets": contents.assets,
    }


def _rows(contents: "Contents") -> str:
    rows, tables = sum(contents.tables.values()), len(contents.tables)
    return f"{rows:,} rows in {tables} tables, {count_words(contents.assets, 'asset')}"
