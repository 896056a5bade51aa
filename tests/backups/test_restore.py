import io
import os
import shutil
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.build import NOW

from felhom_hub.backups import take as take_module
from felhom_hub.backups.container import Contents, DamagedBackupError, SealingWriter
from felhom_hub.backups.restore import portions_of, restore_backup, verify_backup
from felhom_hub.backups.source import SqliteSource
from felhom_hub.backups.take import PURPOSE, NoRoomError, take_backup
from felhom_hub.base.errors import Conflict
from felhom_hub.base.instants import rfc3339
from felhom_hub.base.secrets import seal


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Of a database with one table."""
    with closing(sqlite3.connect(tmp_path / "hub.db")) as connection:
        connection.execute("CREATE TABLE a (x)")
        connection.execute("INSERT INTO a VALUES ('hunter22')")
        connection.commit()
    return take_backup(SqliteSource(tmp_path / "hub.db"), tmp_path / "none", tmp_path / "backups", now=NOW).path


def test_a_backup_is_proven_and_nothing_is_left_of_the_proof(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()

    contents = verify_backup(backup, tmp_path / "scratch")

    assert dict(contents.tables) == {"a": 1}
    assert list((tmp_path / "scratch").iterdir()) == []
    assert b"hunter22" not in backup.read_bytes()


def test_a_proof_never_fills_the_hubs_volume(backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """50 MB of a gigabyte are to stay free."""
    free = SimpleNamespace(total=1_000_000_000, free=50_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)

    with pytest.raises(NoRoomError, match="5 % have to stay free"):
        verify_backup(backup, tmp_path)

    assert list(tmp_path.glob(".*")) == []


def test_what_comes_out_is_for_the_owner_alone(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "place").mkdir(mode=0o755)

    restored = restore_backup(backup, tmp_path / "place")

    assert restored.database.stat().st_mode & 0o777 == 0o600


def test_a_restore_works_where_the_next_one_clears_away_what_a_killed_one_left(backup: Path, tmp_path: Path) -> None:
    place, seen = tmp_path / "place", set[str]()

    restore_backup(backup, place, lambda: seen.update(path.name[:16] for path in place.iterdir()))

    assert (seen, [path.name for path in place.iterdir()]) == ({".backup-scratch-"}, ["hub.db"])


@pytest.mark.parametrize("name", ["hub.db", "hub.db-wal"])
def test_nothing_is_overwritten(backup: Path, tmp_path: Path, name: str) -> None:
    place = tmp_path / "place"
    place.mkdir()
    (place / name).write_text("mine")

    with pytest.raises(Conflict, match=f"{name} is there already"):
        restore_backup(backup, place)

    assert [(path.name, path.read_text()) for path in place.iterdir()] == [(name, "mine")]


def test_a_damaged_one_leaves_nothing_that_looks_like_a_database(backup: Path, tmp_path: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:-9])

    for place in ("place", "scratch"):
        (tmp_path / place).mkdir()
        with pytest.raises(DamagedBackupError):
            (restore_backup if place == "place" else verify_backup)(backup, tmp_path / place)
        assert list((tmp_path / place).iterdir()) == []


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        ({"database_sha256": "0" * 64}, "not the one that it names"),
        ({"tables": {"a": 2}}, "other rows"),
    ],
)
def test_one_that_is_not_what_it_says_is_no_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backup: Path, lie: dict[str, Any], words: str
) -> None:
    backup.unlink()
    monkeypatch.setattr(take_module, "Contents", lambda **members: replace(Contents(**members), **lie))
    taken = take_backup(SqliteSource(tmp_path / "hub.db"), tmp_path / "none", tmp_path / "backups", now=NOW)

    with pytest.raises(DamagedBackupError, match=words):
        verify_backup(taken.path, tmp_path)


def test_assets_that_are_there_stay_as_they_are(tmp_path: Path, backup: Path) -> None:
    assets = tmp_path / "assets"
    assets.mkdir()
    for name in ("a-logo.svg", "b-logo.svg"):
        (assets / name).write_text(f"backed up {name}")
    backup.unlink()
    taken = take_backup(SqliteSource(tmp_path / "hub.db"), assets, tmp_path / "backups", now=NOW)
    place = tmp_path / "place"
    (place / "assets").mkdir(parents=True)
    (place / "assets" / "a-logo.svg").write_text("newer")

    restored = restore_backup(taken.path, place)

    assert restored.assets_left == 1
    assert (place / "assets" / "a-logo.svg").read_text() == "newer"
    assert (place / "assets" / "b-logo.svg").read_text() == "backed up b-logo.svg"


def test_how_often_a_restore_rests_is_known_before(tmp_path: Path, backup: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "hub.db")) as connection:
        connection.execute("INSERT INTO a VALUES (zeroblob(30000000))")
        connection.commit()
    backup.unlink()
    large = take_backup(SqliteSource(tmp_path / "hub.db"), tmp_path / "none", tmp_path / "backups", now=NOW).path
    rests: list[None] = []

    restore_backup(large, tmp_path / "place", lambda: rests.append(None))

    assert portions_of(large) >= 57
    assert portions_of(large) == pytest.approx(len(rests), rel=0.2)


def test_of_what_cannot_be_read_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no backup")

    assert (portions_of(tmp_path / "text"), portions_of(tmp_path / "none")) == (0, 0)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(DamagedBackupError, match="It is no ordinary file"):
        restore_backup(tmp_path / "pipe", tmp_path / "place")
    with pytest.raises(DamagedBackupError, match="It is no ordinary file"):
        verify_backup(tmp_path / "pipe", tmp_path)


@pytest.mark.parametrize("name", ["../elsewhere", "/elsewhere", "assets/../../elsewhere"])
def test_an_archive_that_would_write_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path, key = tmp_path / "made", AESGCM.generate_key(256)
    contents = Contents(rfc3339(NOW) or "", "1", {}, 0, "", 0, seal(key, purpose=PURPOSE))
    with path.open("wb") as out:
        writer: Any = SealingWriter(out, contents, key)
        with tarfile.open(fileobj=writer, mode="w|") as archive:
            member = tarfile.TarInfo(name)
            member.size = 4
            archive.addfile(member, io.BytesIO(b"evil"))
        writer.close()
    (tmp_path / "place").mkdir()

    with pytest.raises(DamagedBackupError):
        restore_backup(path, tmp_path / "place")

    assert list(tmp_path.rglob("*elsewhere*")) == []
