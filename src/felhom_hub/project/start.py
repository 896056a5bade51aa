"""What has to be true before the hub serves: its directory, its database with all tables, its keys, its password."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from felhom_hub.base.assets import asset_path
from felhom_hub.base.secrets import SecretsError, exposure_warning, keyring
from felhom_hub.base.writer import LASTING, plain_reason
from felhom_hub.operators.password import ensure_password, is_login_off
from felhom_hub.project.database_url import SqliteUrl
from felhom_hub.project.go_hub import go_hub_problem
from felhom_hub.project.migrate import NewerDatabaseError, migrate_alone
from felhom_hub.project.only_one import AlreadyServedError, hold_database
from felhom_hub.project.sqlite import FIRST_SOUND_VERSION, is_wal_sound

log = structlog.get_logger(__name__)


# What the system refuses for now: room, a volume that is not ready, an address or a name that comes with the network,
# a port that another program has.
_PASSING = frozenset({
    errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EAGAIN, errno.EBUSY, errno.EDQUOT, errno.EIO, errno.EMFILE,
    errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.ENOTCONN, errno.EROFS, errno.ESTALE, errno.ETIMEDOUT,
    socket.EAI_AGAIN,
})  # fmt: skip


class StartError(Exception):
    """The hub cannot start; the message is one plain line with the way out.

    `may_pass` where a later start may go well although nobody has changed a setting or a file of the hub's.
    """

    def __init__(self, message: str, *, may_pass: bool = False) -> None:
        super().__init__(message)
        self.may_pass = may_pass


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
        raise StartError(f"{error.filename or url.path}: {error.strerror}", may_pass=is_passing(error)) from None
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
        reason = plain_reason(error)
        line = f"the database {_database_name()} cannot be used: {reason}"
        raise StartError(line, may_pass=reason not in LASTING) from None
    except NewerDatabaseError as error:
        raise StartError(str(error)) from None
    except SecretsError as error:
        # What the system said of the key file; its sentence is in the error's own words already.
        raise StartError(str(error), may_pass=is_passing(error.__context__)) from None
    except OSError as error:
        line = f"{error.filename or settings.HUB.server.data_dir}: {error.strerror}"
        raise StartError(line, may_pass=is_passing(error)) from None
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


def is_passing(error: BaseException | None) -> bool:
    """True for what the system refuses now and may grant later, with nothing changed."""
    return isinstance(error, OSError) and error.errno in _PASSING


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
        line = f"server.data_dir {path} cannot be made: {error.strerror}"
        raise StartError(line, may_pass=is_passing(error)) from None


def _warn_of_old_sqlite() -> None:
    if connection.vendor == "sqlite" and not is_wal_sound():
        sound = ".".join(map(str, FIRST_SOUND_VERSION))
        log.warning("sqlite_too_old", reason=f"SQLite before {sound} can lose data in WAL mode; TRUNCATE mode is used")


def _database_name() -> str:
    if connection.vendor == "sqlite":
        return str(connection.settings_dict["NAME"])
    return f"{connection.settings_dict['NAME']} on {connection.settings_dict['HOST'] or 'the local socket'}"
