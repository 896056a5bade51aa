import sqlite3
import subprocess
import sys

import pytest

from felhom_hub.project.sqlite import FIRST_SOUND_VERSION, is_wal_sound, use_own_sqlite

SHOW_VERSION = (
    "import felhom_hub.project.settings, sqlite3, sqlite3.dbapi2 as d; print(sqlite3.sqlite_version, d.sqlite_version)"
)


def test_this_run_is_on_a_sqlite_that_does_not_lose_data() -> None:
    assert is_wal_sound() is (sqlite3.sqlite_version_info >= FIRST_SOUND_VERSION)
    if sqlite3.__name__ == "pysqlite3":
        assert sqlite3.sqlite_version_info >= (3, 51, 3)


def test_a_hub_takes_its_own_sqlite_where_there_is_one() -> None:
    pysqlite3 = pytest.importorskip("pysqlite3")

    shown = subprocess.run([sys.executable, "-c", SHOW_VERSION], capture_output=True, text=True, check=True)

    assert shown.stdout.split() == [pysqlite3.sqlite_version] * 2


def test_without_a_wheel_the_systems_own_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysqlite3", None)
    monkeypatch.setitem(sys.modules, "sqlite3", before := object())

    use_own_sqlite()

    assert sys.modules["sqlite3"] is before


@pytest.mark.parametrize(
    ("version", "is_sound"),
    [((3, 40, 1), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), True), ((4, 0, 0), True)],
)
def test_wal_is_sound_from_the_first_fixed_version_on(
    version: tuple[int, int, int], is_sound: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)

    assert is_wal_sound() is is_sound
