"""A PostgreSQL whose tables are all filled with odd rows becomes an SQLite file, and a hub of it again."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.project.copy.conftest import url_of
from tests.project.copy.places import Place, make_database, make_place

from felhom_hub.backups import postgresql as module
from felhom_hub.backups.postgresql import CopyDiffersError, copy_postgresql
from felhom_hub.backups.sqlite_file import never_rest
from felhom_hub.base.copy.tables import tables_of_the_hub
from felhom_hub.base.copy.values import canonical, converter
from felhom_hub.project.copy.source import open_source
from felhom_hub.project.copy.target import open_target


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, filled_hub: Place, postgresql_cluster: Path) -> Place:
    """A hub on a PostgreSQL that has the rows of the filled one."""
    url = make_database(postgresql_cluster, "backed_up", options="TEMPLATE tables")
    place = make_place(tmp_path_factory.mktemp("hub"), url)
    shutil.copy(filled_hub.file, place.file)
    done = place.copy()
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture
def parameters(place: Place, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """How to connect with it. The run's own database is not used, but its kind of connection is."""
    with django_db_blocker.unblock():
        yield psycopg.conninfo.conninfo_to_dict(place.url)


def test_every_row_of_every_table_comes_through_and_goes_back(
    place: Place, parameters: dict[str, Any], tmp_path: Path
) -> None:
    copy_postgresql(parameters, tmp_path / "hub.db", never_rest)

    tables = tables_of_the_hub()
    with open_source(tmp_path / "hub.db") as copy, open_target(url_of(place)) as server:
        assert copy.tables() == {each.name for each in tables}
        assert copy.migrations() == server.migrations()
        for table in tables:
            rows = list(map(converter(table.columns), copy.rows(table)))
            assert rows == list(server.rows(table))
            assert rows
            if table.counts:
                key = table.columns[table.key].name
                query = "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s))"
                assert server.connection.execute(query, (table.name, key)).fetchone() == (
                    copy.last_number(table) or None,
                )


def test_it_is_of_one_moment_and_holds_up_no_writer(place: Place, parameters: dict[str, Any], tmp_path: Path) -> None:
    with psycopg.connect(place.url, autocommit=True) as writer:
        writer.execute("SET lock_timeout = 1")
        writes = 0

        def write() -> None:
            nonlocal writes
            writes += 1
            writer.execute("UPDATE base_databasesize SET size_bytes = %s", (writes,))
            writer.execute("UPDATE watch_deafspan SET to_at = %s", (writes,))

        copy_postgresql(parameters, tmp_path / "hub.db", write)
    with closing(sqlite3.connect(tmp_path / "hub.db")) as copy:
        sizes = set(copy.execute("SELECT size_bytes FROM base_databasesize"))
        ends = set(copy.execute("SELECT to_at FROM watch_deafspan"))

    assert writes > 2
    assert not {(number,) for number in range(1, writes + 1)} & (sizes | ends)


def test_the_tables_are_those_that_the_migrations_make(
    filled_hub: Place, parameters: dict[str, Any], tmp_path: Path
) -> None:
    copy_postgresql(parameters, tmp_path / "hub.db", never_rest)

    with closing(sqlite3.connect(filled_hub.file)) as migrated, closing(sqlite3.connect(tmp_path / "hub.db")) as copy:
        assert shape(copy) == shape(migrated)
        with pytest.raises(sqlite3.IntegrityError, match="only added to"):
            copy.execute("DELETE FROM operators_auditentry")


_TRIGGERS = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"


def shape(file: sqlite3.Connection) -> dict[str, object]:
    """Columns, keys, indexes and triggers, without the order in which they came and the names that nobody gave."""
    tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: (
            sorted(row[1:] for row in file.execute(f"PRAGMA table_info({name})")),
            sorted(row[2:] for row in file.execute(f"PRAGMA foreign_key_list({name})")),
            sorted(indexes(file, name)),
            sorted(checks(file, name)),
            sorted(
                file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (name,))
            ),
        )
        for name in tables
    }


def indexes(file: sqlite3.Connection, table: str) -> Iterator[tuple[int, int, str]]:
    for _, name, is_unique, _, is_partial in file.execute(f"PRAGMA index_list({table})").fetchall():
        columns = tuple(row[2:5] for row in file.execute(f"PRAGMA index_xinfo({name})"))
        yield is_unique, is_partial, repr(columns)


def checks(file: sqlite3.Connection, table: str) -> list[str]:
    (statement,) = file.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    return [part.split(" CHECK ")[0].strip() for part in statement.split("CONSTRAINT")[1:] if " CHECK " in part]


def test_a_copy_that_is_not_the_same_is_none(
    parameters: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = module._for_sqlite
    lost = iter([True])

    def losing(row: Any, dates: Any) -> Any:
        found = kept(row, dates)
        return (*found[:-1], 7) if len(found) == 2 and next(lost, False) else found

    monkeypatch.setattr(module, "_for_sqlite", losing)

    with pytest.raises(CopyDiffersError, match="was not copied as it is"):
        copy_postgresql(parameters, tmp_path / "hub.db", never_rest)


def test_the_command_backs_it_up_proves_it_and_a_hub_on_sqlite_comes_of_it(place: Place, tmp_path: Path) -> None:
    made = place.run("backup", "--to", str(tmp_path / "b"), "--json", FELHOM_HUB_DATABASE__URL=place.url)
    assert (made.returncode, made.stderr) == (0, "")
    path = json.loads(made.stdout)["path"]

    proven = place.run("backup", "verify", path, FELHOM_HUB_DATABASE__URL=place.url)
    restored = place.run("restore", path, "--to", str(tmp_path / "new"))

    assert (proven.returncode, proven.stderr) == (0, "")
    assert (restored.returncode, restored.stderr) == (0, "")
    url = f"sqlite://{tmp_path / 'new' / 'hub.db'}"
    checked = place.run("migrate", "--check", program=("-m", "django"), FELHOM_HUB_DATABASE__URL=url)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert [str(path) for path in place.directory.rglob(".backup-scratch-*")] == []


def test_a_backup_of_a_hub_on_sqlite_becomes_the_same_fleet_on_a_postgresql(
    filled_hub: Place, postgresql_cluster: Path, tmp_path: Path
) -> None:
    url = make_database(postgresql_cluster, "from_a_backup", options="TEMPLATE tables")
    place = make_place(tmp_path / "hub", url)
    shutil.copy(filled_hub.file, place.file)
    made = place.run("backup", "--to", str(tmp_path / "b"), "--json")
    restored = place.run("restore", json.loads(made.stdout)["path"], "--to", str(tmp_path / "new"))
    assert (restored.returncode, restored.stderr) == (0, "")

    moved = place.copy("--json", FELHOM_HUB_DATABASE__URL=f"sqlite://{tmp_path / 'new' / 'hub.db'}")

    assert (moved.returncode, moved.stderr, json.loads(moved.stdout)["same"]) == (0, "", True)
    with open_source(filled_hub.file) as before, open_target(url_of(place)) as server:
        for table in tables_of_the_hub():
            form, convert = canonical(table.columns), converter(table.columns)
            rows = [form(convert(row)) for row in before.rows(table)]
            assert rows == [form(row) for row in server.rows(table)]
            assert rows
