"""The database that is backed up: an SQLite file, or a PostgreSQL that becomes one (decision 0023)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import connection

from felhom_hub.backups.postgresql import copy_postgresql
from felhom_hub.backups.sqlite_file import Rest, copy_file
from felhom_hub.base.db import postgresql_bytes
from felhom_hub.base.sizes import file_bytes


class Source(Protocol):
    """What `take_backup` asks of a database."""

    @property
    def place(self) -> Path:
        """The directory in which the copy lies for a while: whoever reads the hub's data there reads it, too."""

    def size_bytes(self) -> int:
        """How much room the copy takes at most, about."""

    def copy_into(self, copy: Path, rest: Rest) -> None:
        """`copy` is an SQLite file with the database of one moment."""


@dataclass(frozen=True)
class SqliteSource:
    """The hub's own file."""

    database: Path

    @property
    def place(self) -> Path:
        return self.database.parent

    def size_bytes(self) -> int:
        """With the write-ahead log."""
        return file_bytes(self.database)

    def copy_into(self, copy: Path, rest: Rest) -> None:
        """As in `Source`; raises sqlite3.Error."""
        copy_file(self.database, copy, rest)


@dataclass(frozen=True)
class PostgresqlSource:
    """The server that Django is connected with."""

    place: Path
    parameters: dict[str, Any]

    def size_bytes(self) -> int:
        """As the server has it, with its indexes; SQLite takes about as much."""
        return postgresql_bytes()

    def copy_into(self, copy: Path, rest: Rest) -> None:
        """As in `Source`; raises psycopg.Error, sqlite3.Error, CopyDiffersError."""
        copy_postgresql(self.parameters, copy, rest)


def source_of_hub() -> Source:
    """The database that this process works with."""
    if connection.vendor == "sqlite":
        return SqliteSource(Path(connection.settings_dict["NAME"]))
    parameters = dict(connection.get_connection_params())
    for ours in ("cursor_factory", "context", "prepare_threshold", "pool"):  # Django's, for its own connections
        parameters.pop(ours, None)
    return PostgresqlSource(settings.HUB.server.data_dir, parameters)
