"""Opens the hub's database for a command that runs beside the hub, and turns what is wrong with it into one line."""

# ruff: noqa: PLC0415  # --help needs no Django, and Django needs --config first

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from felhom_hub.cli import complain
from felhom_hub.cli.setup import set_up


@contextmanager
def hub_database() -> Iterator[None]:
    """Inside, Django is set up and the tables are those of this version; refusals end the command with a plain line."""
    set_up()
    from django.conf import settings
    from django.db import Error, connection

    from felhom_hub.base.errors import ApiError
    from felhom_hub.base.secrets import SecretsError, exposure_warning
    from felhom_hub.project.database_url import SqliteUrl

    warnings = [
        *settings.HUB_LOADED.warnings,
        exposure_warning(settings.HUB.secrets.keys, settings.HUB.secrets.key_file),
    ]
    complain([f"warning: {warning}" for warning in warnings if warning])
    try:
        url = settings.HUB.database.url
        _require_tables(url.path if isinstance(url, SqliteUrl) else None)
        yield
    except ApiError as error:
        raise click.UsageError(error.sentence) from None
    except SecretsError as error:
        raise click.ClickException(str(error)) from None
    except Error as error:
        from felhom_hub.base.writer import plain_reason

        raise click.ClickException(f"The database cannot be used now: {plain_reason(error)}") from None
    finally:
        connection.close()


def _require_tables(path: Path | None) -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from felhom_hub.project.go_hub import go_hub_problem
    from felhom_hub.project.migrate import newer_problem

    # SQLite would make an empty file.
    if path and not os.path.exists(path):  # noqa: PTH110  # False where Path.exists() would raise PermissionError
        raise click.UsageError(f"There is no database at {path}; start the hub once, or see `felhom-hub check`")
    if problem := go_hub_problem():
        raise click.UsageError(problem)
    executor = MigrationExecutor(connection)
    if problem := newer_problem(executor.loader):
        raise click.UsageError(problem)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        raise click.UsageError(
            f"The database is not that of this version ({pending} pending migrations); start the hub once, or see "
            "`felhom-hub check`"
        )
