import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.servers import forked
from tests.servers.migrated import place_file


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "hub.yaml").write_text(f"server: {{data_dir: {data}, listen: 127.0.0.1:0}}\n", encoding="utf-8")
    return tmp_path


def run(directory: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
    return forked.run(
        [sys.executable, "-m", *arguments],
        env=inherited | {"FELHOM_HUB_CONFIG": "hub.yaml"} | environ,
        cwd=directory,
    )


def listed(directory: Path, **environ: str) -> tuple[int, str, str]:
    done = run(directory, "felhom_hub.cli", "customer", "list", "--json", **environ)
    return done.returncode, done.stdout, done.stderr


def test_a_database_that_is_not_there_is_told_and_not_made(directory: Path) -> None:
    path = directory / "data/hub.db"
    line = f"felhom-hub: There is no database at {path}; start the hub once, or see `felhom-hub check`\n"
    assert listed(directory) == (2, "", line)
    assert list((directory / "data").iterdir()) == []


def test_a_database_of_an_older_version_is_told_and_left_so(directory: Path) -> None:
    older = ("django", "migrate", "--verbosity=0", "operators")
    assert run(directory, *older, DJANGO_SETTINGS_MODULE="felhom_hub.project.settings").returncode == 0
    code, shown, line = listed(directory)
    assert (code, shown) == (2, "")
    assert line.startswith("felhom-hub: The database is not that of this version (")
    assert line.endswith(" pending migrations); start the hub once, or see `felhom-hub check`\n")
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("command", [("serve",), ("customer", "list")])
def test_a_database_of_a_newer_version_is_told_and_left_so(directory: Path, command: tuple[str, ...]) -> None:
    place_file(directory / "data/hub.db")
    later = "INSERT INTO django_migrations (app, name, applied) VALUES ('reports', '9999_later', '2026-01-01')"
    with closing(sqlite3.connect(directory / "data/hub.db")) as database, database:
        database.execute(later)

    done = run(directory, "felhom_hub.cli", *command)

    line = "felhom-hub: the database was used by a newer felhom-hub, which made reports.9999_later; run that one\n"
    assert (done.returncode, done.stdout, done.stderr.splitlines(keepends=True)[-1]) == (2, "", line)


def test_what_is_no_database_is_told_in_one_line(directory: Path) -> None:
    (directory / "data/hub.db").write_bytes(b"x" * 8192)
    assert listed(directory) == (1, "", "felhom-hub: The database cannot be used now: it is damaged\n")


def test_a_database_that_does_not_answer_is_told_in_one_line_without_its_password(directory: Path) -> None:
    url = "postgresql://felhom:canary@127.0.0.1:1/felhom"
    line = "felhom-hub: The database cannot be used now: it does not answer\n"
    assert listed(directory, FELHOM_HUB_DATABASE__URL=url) == (1, "", line)


def test_warnings_of_settings_and_keys_are_told_beside_the_answer(directory: Path) -> None:
    place_file(directory / "data/hub.db")
    keys = directory / "data/secret.keys"
    keys.touch(mode=0o644)
    keys.chmod(0o644)
    unknown = "FELHOM_HUB_SERVER_LISTEN: unknown variable is ignored; did you mean FELHOM_HUB_SERVER__LISTEN?"
    code, shown, lines = listed(directory, FELHOM_HUB_SERVER_LISTEN=":80")
    assert (code, shown) == (0, '{"customers": []}\n')
    assert lines.splitlines() == [
        f"felhom-hub: warning: {unknown}",
        f"felhom-hub: warning: {keys} can be read by others (mode 644); set it to 600",
    ]


def test_keys_that_cannot_be_read_are_told_in_one_line(directory: Path) -> None:
    place_file(directory / "data/hub.db")
    keys = directory / "data/secret.keys"
    keys.touch(mode=0o600)
    arguments = ("customer", "add", "a", "--name", "A", "--domain", "a.hu", "--email", "a@a.hu")
    done = run(directory, "felhom_hub.cli", *arguments)
    reason = "holds no key; bring its content back, or remove it to have a new key made"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"felhom-hub: {keys} {reason}\n")


def test_impossible_settings_are_told_as_everywhere(directory: Path) -> None:
    code, shown, lines = listed(directory, FELHOM_HUB_RETENTION__MAX_DAYS="0")
    line = "FELHOM_HUB_RETENTION__MAX_DAYS: retention.max_days is '0', but must be a whole number from 1 to 3650"
    assert (code, shown, lines) == (2, "", f"felhom-hub: {line}\n")
