"""`felhom-hub restore`: a backup of the hub becomes a database again."""

# ruff: noqa: PLC0415  # --help needs no Django, and Django needs --config first

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from felhom_hub.base.words import count_words
from felhom_hub.cli.bars import bar_of_portions
from felhom_hub.cli.options import DirectoryPath, config_option
from felhom_hub.cli.setup import set_up


@contextmanager
def plainly(path: Path | None = None) -> Iterator[None]:
    """Inside, whatever is wrong with a backup ends the command with one plain line."""
    import sqlite3  # after Django's settings, which put our own in the place of the system's

    import psycopg

    from felhom_hub.backups.container import DamagedBackupError
    from felhom_hub.backups.postgresql import CopyDiffersError
    from felhom_hub.backups.take import NoRoomError, OldBackupStaysError
    from felhom_hub.base.errors import ApiError
    from felhom_hub.base.secrets import SecretsError

    try:
        yield
    except DamagedBackupError as error:
        raise click.ClickException(f"{path}: {error}") from None
    except NoRoomError as error:
        raise click.UsageError(f"There is no room: {error}") from None
    except OldBackupStaysError as error:
        raise click.ClickException(str(error)) from None
    except ApiError as error:
        raise click.UsageError(error.sentence) from None
    except SecretsError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.UsageError(f"{error.filename or path}: {error.strerror}") from None
    except (sqlite3.Error, psycopg.Error, CopyDiffersError) as error:
        reason = " ".join(str(error).split())
        raise click.ClickException(f"The database cannot be copied now: {reason}") from None


@click.command(epilog="Example: felhom-hub restore /backups/hub-20261127T033000Z.felhom-backup --to /data")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--to", "directory", type=DirectoryPath(), required=True, help="A directory without a hub.db.")  # fmt: skip  # noqa: E501
@config_option
def restore(path: Path, *, directory: Path) -> None:
    """Restore the backup FILE: hub.db and the assets are in the directory, checked against what the backup says.

    The keys that sealed it have to be in secrets.keys or secrets.key_file (secret.keys in server.data_dir).
    """
    set_up()
    with plainly(path):
        from felhom_hub.backups.restore import portions_of, restore_backup

        _require_keys()
        with bar_of_portions("Restoring", portions_of(path)) as told:
            restored = restore_backup(path, directory, told)
    contents, left = restored.contents, restored.assets_left
    words = f"{sum(contents.tables.values()):,} rows as of {contents.made_at}, {count_words(contents.assets, 'asset')}"
    stay = f"; what lay there already stays as it is: {count_words(left, 'asset')}" if left else ""
    click.echo(f"{restored.database}: {words}{stay}")


def _require_keys() -> None:
    """Whoever asks for keys that are not there gets new ones, which open no backup."""
    from django.conf import settings

    own = settings.HUB.secrets
    if not own.keys and not own.key_file.exists():
        raise click.UsageError(
            f"{own.key_file} is not there; a backup opens only with the keys that sealed it: put their copy there first"
        )
