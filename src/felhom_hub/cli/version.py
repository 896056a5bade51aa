"""`felhom-hub version`: what to write into a bug report."""

import json
import platform

import click

from felhom_hub import __version__
from felhom_hub.cli.options import config_option
from felhom_hub.project.sqlite import is_wal_sound, use_own_sqlite


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object, for scripts.")
@config_option
def version(*, as_json: bool) -> None:
    """Name the versions of hub, Python and SQLite."""
    use_own_sqlite()
    import sqlite3  # noqa: PLC0415 - only after use_own_sqlite()

    if as_json:
        versions = {
            "felhom_hub": __version__,
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "sqlite_wal_is_sound": is_wal_sound(),
        }
        click.echo(json.dumps(versions))
        return
    click.echo(f"felhom-hub {__version__}")
    click.echo(f"Python {platform.python_version()}")
    click.echo(f"SQLite {sqlite3.sqlite_version}" + ("" if is_wal_sound() else " (with the WAL-reset bug)"))
