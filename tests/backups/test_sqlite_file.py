import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.backups.databases import a_database

from felhom_hub.backups.sqlite_file import Rest, copy_file, count_rows, is_sound, never_rest, sha256_of


class Stop(Exception):
    """What a stopping hub raises."""


def stopping() -> None:
    raise Stop


def test_a_copy_is_of_one_moment_though_it_takes_many_steps(tmp_path: Path) -> None:
    """Somebody writes between its steps: what he wrote is not in it, and it does not begin anew."""
    database = a_database(tmp_path / "hub.db", rows=2200, each=b"x" * 8000)
    steps = 0
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:

        def write() -> None:
            nonlocal steps
            steps += 1
            writer.execute("INSERT INTO a VALUES ('later')")

        copy_file(database, tmp_path / "copy.db", write)

    assert 1 < steps < 10
    assert count_rows(tmp_path / "copy.db") == {"a": 2200}
    assert count_rows(database) == {"a": 2200 + steps}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "hub.db"]


def test_a_writer_never_waits_for_a_copy(tmp_path: Path) -> None:
    database = a_database(tmp_path / "hub.db", rows=1500, each=b"x" * 8000)
    with closing(sqlite3.connect(database, isolation_level=None, timeout=0)) as writer:

        def write() -> None:
            writer.executescript("BEGIN IMMEDIATE; COMMIT")

        copy_file(database, tmp_path / "copy.db", write)


def copied(database: Path, rest: Rest) -> None:
    copy_file(database, database.with_name("copy.db"), rest)


@pytest.mark.parametrize("work", [copied, sha256_of, count_rows, is_sound])
def test_each_work_ends_when_the_hub_stops(tmp_path: Path, work: Callable[[Path, Rest], object]) -> None:
    database = a_database(tmp_path / "hub.db", rows=1100, each=b"x" * 8000)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE b (x INTEGER PRIMARY KEY)")
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT i FROM n"
        connection.execute(f"INSERT INTO b {numbers}")
        connection.execute("CREATE INDEX c ON b (x)")
        connection.commit()

    with pytest.raises(Stop):
        work(database, stopping)


def test_a_sound_file_is_told_from_one_that_is_not(tmp_path: Path) -> None:
    database = a_database(tmp_path / "hub.db", rows=300, each=b"x" * 900)
    copy_file(database, tmp_path / "copy.db", never_rest)
    assert is_sound(tmp_path / "copy.db")

    damaged = bytearray((tmp_path / "copy.db").read_bytes())
    damaged[8192:8292] = b"\xff" * 100
    (tmp_path / "copy.db").write_bytes(damaged)

    assert not is_sound(tmp_path / "copy.db")


def test_an_error_of_its_own_is_told_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "hub.db").write_bytes(b"no database" * 1000)

    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        count_rows(tmp_path / "hub.db")
