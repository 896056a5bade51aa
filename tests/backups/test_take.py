import os
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.build import NOW

from felhom_hub.backups.restore import restore_backup, verify_backup
from felhom_hub.backups.source import SqliteSource
from felhom_hub.backups.sqlite_file import count_rows
from felhom_hub.backups.take import NoRoomError, Taken, backups_in, keep_newest, take_backup
from felhom_hub.base.pace import Interrupted


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """With two tables, one of them with a hundred rows."""
    path = tmp_path / "data" / "hub.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE a (x)")
        connection.execute("CREATE TABLE b (y)")
        connection.executemany("INSERT INTO a VALUES (?)", [(number,) for number in range(100)])
        connection.commit()
    return path


def test_a_backup_is_one_file_for_the_owner_with_all_that_there_was(database: Path, tmp_path: Path) -> None:
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "immich-logo.svg").write_text("<svg/>")
    taken = take_backup(SqliteSource(database), assets, tmp_path / "backups", now=NOW)

    assert [path.name for path in (tmp_path / "backups").iterdir()] == ["hub-20261123T120000Z.felhom-backup"]
    assert taken.path.stat().st_mode & 0o777 == 0o600
    assert (dict(taken.contents.tables), taken.contents.assets) == ({"a": 100, "b": 0}, 1)
    assert sorted(path.name for path in database.parent.iterdir() if path.name.startswith(".")) == []
    restored = restore_backup(taken.path, tmp_path / "new")
    assert count_rows(restored.database) == {"a": 100, "b": 0}
    assert (tmp_path / "new" / "assets" / "immich-logo.svg").read_text() == "<svg/>"


def test_it_is_of_one_moment_while_somebody_writes(database: Path, tmp_path: Path) -> None:
    ends = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(database, timeout=60)) as connection:
            while not ends.is_set():
                with connection:  # both or neither
                    connection.execute("INSERT INTO a VALUES (1)")
                    connection.execute("INSERT INTO b VALUES (1)")

    writer = threading.Thread(target=write)
    writer.start()
    source = SqliteSource(database)
    try:
        found = [take_backup(source, tmp_path, tmp_path / "b", now=NOW + timedelta(seconds=n)) for n in range(5)]
    finally:
        ends.set()
        writer.join()

    assert [each.contents.tables["a"] - each.contents.tables["b"] for each in found] == [100] * 5
    assert [dict(verify_backup(each.path, tmp_path).tables) == dict(each.contents.tables) for each in found] == [
        True
    ] * 5


def test_what_fails_half_way_leaves_nothing(database: Path, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "x").symlink_to("/nowhere")
    database.write_bytes(b"no database" * 1000)

    with pytest.raises(sqlite3.DatabaseError):
        take_backup(SqliteSource(database), tmp_path / "assets", tmp_path / "backups", now=NOW)

    assert list((tmp_path / "backups").iterdir()) == []
    assert [path.name for path in database.parent.iterdir() if path.is_dir()] == []


def test_the_newest_stay(database: Path, tmp_path: Path) -> None:
    directory = tmp_path / "backups"
    for hours in (3, 1, 2):
        take_backup(SqliteSource(database), tmp_path, directory, now=NOW + timedelta(hours=hours))
    (directory / "notes.txt").write_text("mine")

    newest = backups_in(directory)[-1]

    removed = keep_newest(directory, 2, made=newest)

    assert [path.name for path in removed] == ["hub-20261123T130000Z.felhom-backup"]
    assert [path.name[13:17] for path in backups_in(directory)] == ["1400", "1500"]
    assert (directory / "notes.txt").exists()
    assert keep_newest(directory, 9, made=newest) == []


def test_what_is_kept_beside_the_newest_stays_too(database: Path, tmp_path: Path) -> None:
    directory = tmp_path / "backups"
    made = [
        take_backup(SqliteSource(database), tmp_path, directory, now=NOW + timedelta(hours=hours)).path
        for hours in range(4)
    ]

    assert keep_newest(directory, 1, made=made[3], also={made[1]}) == [made[0], made[2]]
    assert backups_in(directory) == [made[1], made[3]]


def test_a_draft_of_a_killed_process_is_gone_after_a_day_and_never_looks_like_a_backup(
    database: Path, tmp_path: Path
) -> None:
    directory = tmp_path / "backups"
    directory.mkdir()
    for name, mtime in (("old", 1_700_000_000), ("new", None)):
        draft = directory / f".hub-{name}.felhom-backup.part"
        draft.write_bytes(b"half")
        if mtime:
            os.utime(draft, (mtime, mtime))

    taken = take_backup(SqliteSource(database), tmp_path, directory, now=NOW)

    assert backups_in(directory) == [taken.path]
    assert sorted(path.name for path in directory.iterdir()) == [".hub-new.felhom-backup.part", taken.path.name]


@pytest.mark.parametrize("free", [0, 150, 50_000_000])
def test_a_backup_never_fills_a_volume(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int
) -> None:
    """50 MB of a gigabyte are to stay free."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=1_000_000_000, free=free))

    with pytest.raises(NoRoomError, match="5 % have to stay free"):
        take_backup(SqliteSource(database), tmp_path, tmp_path / "backups", now=NOW)

    assert list((tmp_path / "backups").iterdir()) == []


def test_a_hub_that_stops_leaves_nothing_of_a_backup(database: Path, tmp_path: Path) -> None:
    """Wherever it is stopped."""
    calls = 0

    def count() -> None:
        nonlocal calls
        calls += 1

    take_backup(SqliteSource(database), tmp_path / "none", tmp_path / "whole", now=NOW, rest=count)
    assert calls > 2
    for stop_at in range(calls):
        left = [stop_at]

        def rest(left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Interrupted

        with pytest.raises(Interrupted):
            take_backup(SqliteSource(database), tmp_path / "none", tmp_path / "b", now=NOW, rest=rest)
        assert list((tmp_path / "b").iterdir()) == []
        assert [path.name for path in database.parent.iterdir() if path.is_dir()] == []


def test_two_that_are_made_in_one_second_are_both_whole(database: Path, tmp_path: Path) -> None:
    """One by hand, one by the hub."""
    directory = tmp_path / "backups"
    second: list[Taken] = []

    def rest() -> None:
        if not second and list(directory.glob(".hub-*")):
            second.append(take_backup(SqliteSource(database), tmp_path / "none", directory, now=NOW))
            verify_backup(second[0].path, tmp_path)

    first = take_backup(SqliteSource(database), tmp_path / "none", directory, now=NOW, rest=rest)

    assert (len(second), list(directory.iterdir())) == (1, [first.path])
    assert dict(verify_backup(first.path, tmp_path).tables) == {"a": 100, "b": 0}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_one_that_root_makes_is_the_hub_s_to_prove(database: Path, tmp_path: Path) -> None:
    os.chown(database.parent, 10001, 10002)

    taken = take_backup(SqliteSource(database), tmp_path / "none", tmp_path / "backups", now=NOW)

    assert {(each.stat().st_uid, each.stat().st_gid) for each in (taken.path, taken.path.parent)} == {(10001, 10002)}
    assert taken.path.stat().st_mode & 0o777 == 0o600
