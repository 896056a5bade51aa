from datetime import timedelta
from pathlib import Path

import pytest
from tests.backups.databases import a_database
from tests.build import NOW

from felhom_hub.backups.container import DamagedBackupError
from felhom_hub.backups.models import HubBackup
from felhom_hub.backups.record import make_backup, prove_backup
from felhom_hub.backups.source import SqliteSource
from felhom_hub.backups.take import backups_in

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def source(tmp_path: Path) -> SqliteSource:
    return SqliteSource(a_database(tmp_path / "data" / "hub.db", rows=7))


def test_a_backup_is_noted_and_then_its_proof(tmp_path: Path, source: SqliteSource) -> None:
    taken, removed = make_backup(source, tmp_path / "none", tmp_path / "b", keep=1, now=NOW)

    row = HubBackup.objects.get()
    assert (row.path, row.made_at, row.size_bytes, row.row_count) == (str(taken.path), NOW, taken.size_bytes, 7)
    assert (row.looked_at, removed) == (None, [])
    prove_backup(taken.path, tmp_path, now=NOW + DAY)
    row.refresh_from_db()
    assert (row.looked_at, row.fault) == (NOW + DAY, "")


def test_a_fault_is_noted(tmp_path: Path, source: SqliteSource) -> None:
    taken, _ = make_backup(source, tmp_path / "none", tmp_path / "b", keep=1, now=NOW)
    taken.path.write_bytes(taken.path.read_bytes()[:-1])

    with pytest.raises(DamagedBackupError):
        prove_backup(taken.path, tmp_path, now=NOW + DAY)

    row = HubBackup.objects.get()
    assert (row.looked_at, row.fault) == (NOW + DAY, "It was changed or cut off after it was made")


def test_a_strange_file_is_proven_without_a_note(tmp_path: Path, source: SqliteSource) -> None:
    taken, _ = make_backup(source, tmp_path / "none", tmp_path / "b", keep=1, now=NOW)
    HubBackup.objects.all().delete()

    assert dict(prove_backup(taken.path, tmp_path, now=NOW).tables) == {"a": 7}
    assert not HubBackup.objects.exists()


def test_the_last_proven_one_outlives_all_that_are_not(tmp_path: Path, source: SqliteSource) -> None:
    directory = tmp_path / "b"
    first, _ = make_backup(source, tmp_path / "none", directory, keep=2, now=NOW)
    prove_backup(first.path, tmp_path, now=NOW)
    made = [make_backup(source, tmp_path / "none", directory, keep=2, now=NOW + n * DAY)[0].path for n in (1, 2, 3)]
    assert backups_in(directory) == [first.path, *made[1:]]

    prove_backup(made[2], tmp_path, now=NOW + 3 * DAY)
    make_backup(source, tmp_path / "none", directory, keep=2, now=NOW + 4 * DAY)

    assert backups_in(directory)[0] == made[2]


def test_what_fails_removes_nothing(tmp_path: Path, source: SqliteSource) -> None:
    make_backup(source, tmp_path / "none", tmp_path / "b", keep=1, now=NOW)
    source.database.write_bytes(b"no database" * 1000)

    with pytest.raises(Exception, match="not a database"):
        make_backup(source, tmp_path / "none", tmp_path / "b", keep=1, now=NOW + DAY)

    assert [path.name for path in (tmp_path / "b").iterdir()] == ["hub-20261123T120000Z.felhom-backup"]
    assert HubBackup.objects.count() == 1


def test_the_last_proven_one_stays_however_the_directory_is_named(
    tmp_path: Path, source: SqliteSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By hand `--to backups` is as good."""
    first, _ = make_backup(source, tmp_path / "none", tmp_path / "b", keep=1, now=NOW)
    prove_backup(first.path, tmp_path, now=NOW)
    monkeypatch.chdir(tmp_path)

    taken, removed = make_backup(source, tmp_path / "none", Path("b"), keep=1, now=NOW + DAY)

    assert (backups_in(tmp_path / "b"), removed) == ([first.path, taken.path], [])


def test_after_the_clock_was_ahead_the_new_one_stays_and_those_of_that_time_go(
    tmp_path: Path, source: SqliteSource
) -> None:
    """Else each new one would go at once, its proof would fail, and there would be none until that time has come."""
    directory = tmp_path / "b"
    ahead = [
        make_backup(source, tmp_path / "none", directory, keep=2, now=NOW + days * DAY)[0].path for days in (30, 31)
    ]

    made = [
        make_backup(source, tmp_path / "none", directory, keep=2, now=NOW + minutes * timedelta(minutes=1))[0].path
        for minutes in (1, 2)
    ]

    assert backups_in(directory) == made
    assert not any(path.exists() for path in ahead)
