"""Databases to copy from and into: a PostgreSQL of these tests' own, whichever database the run is on."""

import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from tests.servers import forked, postgresql
from tests.structure.files import ROOT

HUB = ("-m", "felhom_hub.cli")
_FILLING = Path(__file__).with_name("filling.py")


@dataclass(frozen=True)
class Place:
    """A hub's directory with its SQLite file, and an empty PostgreSQL."""

    directory: Path
    url: str

    @property
    def file(self) -> Path:
        return self.directory / "data" / "hub.db"

    def run(self, *arguments: str, program: tuple[str, ...] = HUB, **variables: str) -> Any:
        """A command of the hub of this directory, run to its end."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
        if program[0] != "-m":  # it is a script of the tests, and imports them
            environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
        return forked.run(
            [sys.executable, *program, *arguments],
            env=environment
            | {"DJANGO_SETTINGS_MODULE": "felhom_hub.project.settings"}
            | {"FELHOM_HUB_CONFIG": str(self.directory / "hub.yaml")}
            | variables,
            cwd=self.directory,
        )

    def copy(self, *arguments: str, **variables: str) -> Any:
        """`felhom-hub copy-database` into the empty PostgreSQL."""
        return self.run("copy-database", "--to", self.url, *arguments, program=HUB, **variables)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the PostgreSQL answers."""
        with psycopg.connect(self.url) as server:
            cursor = server.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def rows_in_file(self, query: str) -> list[tuple[Any, ...]]:
        """What the SQLite file answers; a change is committed."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            return connection.execute(query).fetchall()


def make_place(directory: Path, url: str) -> Place:
    """With a hub.yaml, and no database yet."""
    (directory / "data").mkdir(parents=True)
    text = f"server: {{data_dir: {directory / 'data'}, listen: 127.0.0.1:0}}\n"
    (directory / "hub.yaml").write_text(text, encoding="utf-8")
    return Place(directory, url)


def fill(place: Place) -> None:
    """Every table of the place's file has a row."""
    done = place.run(program=(str(_FILLING),))
    assert done.returncode == 0, done.stderr


def make_database(cluster: Path, name: str, *, options: str = "") -> str:
    """The URL of a new, empty database."""
    with psycopg.connect(postgresql.database_url(cluster, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL(f"CREATE DATABASE {{}} {options}").format(sql.Identifier(name)))
    return postgresql.database_url(cluster, name)
