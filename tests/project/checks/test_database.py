import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.servers import forked
from tests.servers.migrated import place_file

from felhom_hub.project.checks.database import judge_postgresql_version
from felhom_hub.project.checks.findings import Finding, Level

# The files of data directories, whatever database the run itself stores in.
pytestmark = pytest.mark.sqlite_only

PAGE_BYTES = 8192


def run(data_dir: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return forked.run(
        [sys.executable, "-m", *command],
        env={**os.environ, "FELHOM_HUB_SERVER__DATA_DIR": str(data_dir), **environ},
        cwd=data_dir,
    )


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the database of a hub that has started once."""
    data_dir = tmp_path_factory.mktemp("migrated")
    place_file(data_dir / "hub.db")
    return data_dir


@pytest.fixture
def data_dir(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(migrated, tmp_path / "data"))


def findings(data_dir: Path, **environ: str) -> list[tuple[str, str, str]]:
    """What `check` finds of the database: (check, level, message); SQLite's version stands before it."""
    done = run(data_dir, "felhom_hub.cli", "check", "--json", **environ)
    assert done.stderr == ""
    lines = [tuple(finding.values()) for finding in json.loads(done.stdout)["checks"]]
    after = [name for name, _, _ in lines].index("secret keys") + 1
    assert done.returncode == int(any(level == "fail" for _, level, _ in lines))
    return [line for line in lines[after:] if line[0] not in {"SQLite", "registry", "template", "backup", "growth"}]


def change(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()


def contents(data_dir: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in data_dir.iterdir()}


def opened(data_dir: Path) -> tuple[str, str, str]:
    path = data_dir / "hub.db"
    return ("database", "ok", f"{path} opens ({path.stat().st_size / 1e6:.1f} MB)")


WRITE = ("write", "ok", "the database can be written")
SOUND = ("soundness", "ok", "quick_check found no fault")


def test_a_database_that_a_hub_made_is_fit_and_left_as_it_was(data_dir: Path) -> None:
    before = contents(data_dir)
    first, migrations, *rest = findings(data_dir)
    assert (first, rest) == (opened(data_dir), [WRITE, SOUND])
    assert migrations[:2] == ("migrations", "ok")
    assert contents(data_dir) == before


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    message = f"{tmp_path / 'hub.db'} does not exist yet; the first start makes it"
    assert findings(tmp_path) == [("database", "ok", message)]
    assert contents(tmp_path) == {}


def test_a_database_out_of_reach_fails(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    url = f"sqlite://{tmp_path}/file/hub.db"
    message = f"{tmp_path}/file/hub.db cannot be reached: not a directory"
    assert findings(tmp_path, FELHOM_HUB_DATABASE__URL=url) == [("database", "fail", message)]


def test_an_empty_file_is_left_empty(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    path.touch()
    assert findings(tmp_path) == [("database", "ok", f"{path} is empty; the first start makes its tables")]
    assert contents(tmp_path) == {"hub.db": b""}


def test_a_database_of_somebody_else_has_no_tables_of_ours_yet(tmp_path: Path) -> None:
    change(tmp_path / "hub.db", "CREATE TABLE theirs (x)")
    none = ("migrations", "ok", "there are no tables yet; the first start makes them")
    not_tried = ("write", "ok", "not tried: there are no tables yet")
    assert findings(tmp_path) == [opened(tmp_path), none, not_tried, SOUND]


def test_pending_migrations_are_worth_a_warning(data_dir: Path) -> None:
    change(data_dir / "hub.db", "DELETE FROM django_migrations WHERE app = 'reports'")
    _, migrations, *_ = findings(data_dir)
    assert migrations[:2] == ("migrations", "warn")
    assert migrations[2].endswith("pending; the next start applies them")


def test_a_database_of_a_newer_hub_fails(data_dir: Path) -> None:
    change(
        data_dir / "hub.db",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('reports', '9999_later', '2026-01-01')",
    )
    message = "the database was used by a newer felhom-hub, which made reports.9999_later; run that one"
    assert findings(data_dir) == [opened(data_dir), ("migrations", "fail", message), WRITE, SOUND]


def test_a_file_that_is_no_database_fails(data_dir: Path) -> None:
    path = data_dir / "hub.db"
    path.write_bytes(b"no database, but long enough to have a header" * 100)
    assert findings(data_dir) == [("database", "fail", f"{path}: file is not a database")]


def test_a_damaged_page_fails_and_says_what_to_do(data_dir: Path) -> None:
    path = data_dir / "hub.db"
    connection = sqlite3.connect(path)
    # One that neither migrations nor a health check look at.
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'reports_report'").fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE_BYTES)
        file.write(b"\xff" * PAGE_BYTES)
    first, *_, (check, level, message) = findings(data_dir)
    assert (first, check, level) == (opened(data_dir), "soundness", "fail")
    assert message.startswith("the database is damaged (")
    assert message.endswith("; stop the hub and bring back a backup")


def test_a_database_that_somebody_holds_locked_fails(data_dir: Path) -> None:
    path = data_dir / "hub.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert findings(data_dir)[2:] == [("write", "fail", f"{path}: database is locked"), SOUND]
    finally:
        other.close()


def test_a_postgresql_that_does_not_answer_fails_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://hub:hunter2@127.0.0.1:1/felhom"
    ((check, level, message),) = findings(tmp_path, FELHOM_HUB_DATABASE__URL=url)
    assert (check, level) == ("database", "fail")
    assert message.startswith('PostgreSQL: connection failed: connection to server at "127.0.0.1", port 1 failed')
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("version", "level", "message"),
    [
        ((14, 11), Level.FAIL, "PostgreSQL 14.11 is too old; the hub needs 15 or newer"),
        ((15, 0), Level.OK, "PostgreSQL 15.0 answers"),
        ((17, 2), Level.OK, "PostgreSQL 17.2 answers"),
    ],
)
def test_an_old_postgresql_fails(version: tuple[int, ...], level: Level, message: str) -> None:
    assert judge_postgresql_version(version) == Finding("database", level, message)
