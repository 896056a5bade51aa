"""What has to be true before the hub serves: its directory, its database with all tables, its keys, its password."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from felhom_hub.base.assets import asset_path
from felhom_hub.base.secrets import SecretsError, exposure_warning, keyring
from felhom_hub.base.writer import plain_reason
from felhom_hub.operators.password import ensure_password, is_login_off
from felhom_hub.project.database_url import SqliteUrl
from felhom_hub.project.go_hub import go_hub_problem
from felhom_hub.project.migrate import NewerDatabaseError, migrate_alone
from felhom_hub.project.only_one import AlreadyServedError, hold_database
from felhom_hub.project.sqlite import FIRST_SOUND_VERSION, is_wal_sound

log = structlog.get_logger(__name__)


class StartError(Exception):
    """The hub cannot start; the message is one plain line with the way out."""


@dataclass(frozen=True)
class Prepared:
    """`new_password` is the operator's password in clear, when this start has just made it."""

    new_password: str | None


@contextmanager
def serving_alone() -> Iterator[None]:
    """Inside, no other hub serves the same SQLite file; raises StartError where one does already."""
    url = settings.HUB.database.url
    if not isinstance(url, SqliteUrl):
        yield
        return
    _make_directory(settings.HUB.server.data_dir)
    try:
        lock = hold_database(url.path)
    except AlreadyServedError as error:
        raise StartError(str(error)) from None
    except OSError as error:
        raise StartError(f"{error.filename or url.path}: {error.strerror}") from None
    with lock or nullcontext():
        yield


def prepare() -> Prepared:
    """Directory, database, keys and password are there; raises StartError where one of them cannot be had."""
    for warning in settings.HUB_LOADED.warnings:
        log.warning("setting", warning=warning)
    _require_front_end()
    _make_directory(settings.HUB.server.data_dir)
    _warn_of_old_sqlite()
    try:
        if problem := go_hub_problem():
            raise StartError(problem)
        migrate_alone()
        keyring()
        password = ensure_password()
    except DatabaseError as error:
        raise StartError(f"the database {_database_name()} cannot be used: {plain_reason(error)}") from None
    except (NewerDatabaseError, SecretsError) as error:
        raise StartError(str(error)) from None
    except OSError as error:
        raise StartError(f"{error.filename or settings.HUB.server.data_dir}: {error.strerror}") from None
    finally:
        connection.close()
    exposed = exposure_warning(settings.HUB.secrets.keys, settings.HUB.secrets.key_file)
    if exposed:
        log.warning("keys_are_exposed", reason=exposed)
    if is_login_off():
        log.warning("login_is_off", reason='auth.password_hash is "": everybody who reaches the hub is the operator')
    if not settings.HUB.api.report_api_key:
        log.info("no_global_key", reason="api.report_api_key is empty: only customers' own keys are taken")
    return Prepared(password)


def _require_front_end() -> None:
    """Without it every page would be an error, and only then."""
    try:
        asset_path("hub.css")
    except LookupError as error:
        raise StartError(str(error)) from None


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"server.data_dir {path} cannot be made: {error.strerror}") from None


def _warn_of_old_sqlite() -> None:
    if connection.vendor == "sqlite" and not is_wal_sound():
        sound = ".".join(map(str, FIRST_SOUND_VERSION))
        log.warning("sqlite_too_old", reason=f"SQLite before {sound} can lose data in WAL mode; TRUNCATE mode is used")


def _database_name() -> str:
    if connection.vendor == "sqlite":
        return str(connection.settings_dict["NAME"])
    return f"{connection.settings_dict['NAME']} on {connection.settings_dict['HOST'] or 'the local socket'}"
