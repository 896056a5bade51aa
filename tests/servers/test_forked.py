"""A forked command is what the command is that starts by itself, but for what it has to import."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.servers import forked
from tests.servers.forked import ForkServer
from tests.servers.hub import Hub
from tests.servers.migrated import place_file

PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
PLAIN |= {"DJANGO_SETTINGS_MODULE": "felhom_hub.project.settings"}
CUSTOMERS = [sys.executable, "-m", "felhom_hub.cli", "customer", "list"]
# What two processes of a hub must not have alike, and what a process must have of its own.
PROBE = """
import django
django.setup()
import json, os, random, sys, time
from django.conf import settings
from django.db import connection
from felhom_hub.base.schedule import _HOLDER
json.dump({
    "pid": os.getpid(), "holder": _HOLDER, "chance": random.random(), "arguments": sys.argv, "zone": time.tzname[0],
    "directory": os.getcwd(), "settings": sorted(name for name in os.environ if name.startswith("FELHOM_HUB_")),
    "data_dir": str(settings.HUB.server.data_dir), "database": str(connection.settings_dict["NAME"]),
    "typed": sys.stdin.read(), "encoding": sys.stdout.encoding, "path": sys.path[0],
    "open": sorted(each for each in os.listdir("/proc/self/fd") if os.path.exists("/proc/self/fd/" + each)),
}, sys.stdout)
"""
HANG = "import django; django.setup(); print('hangs', flush=True); import time; time.sleep(600)"


@pytest.fixture(autouse=True)
def forking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a run with --cold-starts."""
    if not hasattr(os, "pidfd_open"):
        pytest.skip("this system has no pidfd")
    monkeypatch.setattr(forked, "_is_on", True)


@pytest.fixture
def own_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ForkServer]:
    """A server of this test's, which may be killed."""
    server = ForkServer("hub")
    monkeypatch.setitem(forked._servers, "hub", server)
    yield server
    server.close()


def probed(directory: Path, *arguments: str, **variables: str) -> dict[str, Any]:
    done = forked.run(
        [sys.executable, "-c", PROBE, *arguments], cwd=directory, env=PLAIN | variables, typed="some words"
    )
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_child_has_arguments_directory_variables_and_settings_of_its_own(tmp_path: Path) -> None:
    for name in ("first", "second"):
        directory = tmp_path / name
        directory.mkdir()
        told = probed(directory, "a b", name, FELHOM_HUB_SERVER__DATA_DIR=str(directory / "data"))

        assert (told["arguments"], told["typed"]) == (["-c", "a b", name], "some words")
        assert (told["directory"], told["path"]) == (str(directory), str(directory))
        assert (told["settings"], told["data_dir"]) == (["FELHOM_HUB_SERVER__DATA_DIR"], str(directory / "data"))
        assert told["database"] == str(directory / "data" / "hub.db")
        assert (told["zone"], told["encoding"], told["open"]) == ("UTC", "utf-8", ["0", "1", "2"])


def test_no_two_children_are_the_same_hub(tmp_path: Path) -> None:
    told = [probed(tmp_path) for _ in range(2)]

    for name in ("pid", "holder", "chance"):
        assert told[0][name] != told[1][name]
    assert [each["holder"].rpartition(":")[2] for each in told] == [str(each["pid"]) for each in told]


@pytest.mark.parametrize("arguments", [(), ("--config", "nowhere.yaml"), ("--nonsense",), ("--help",)])
def test_it_prints_and_ends_as_the_command_that_starts_by_itself(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "hub.yaml").write_text("server: {data_dir: ./data}\n", encoding="utf-8")
    command = [*CUSTOMERS, *arguments]
    by_itself = subprocess.run(command, cwd=tmp_path, env=PLAIN, capture_output=True, text=True, check=False)

    child = forked.run(command, cwd=tmp_path, env=PLAIN)

    assert (child.returncode, child.stdout, child.stderr) == (by_itself.returncode, by_itself.stdout, by_itself.stderr)


def test_what_cannot_be_forked_is_started() -> None:
    program = [sys.executable, "-c", "import django; django.setup(); import sys; print(sys.flags.optimize)"]

    printed = [forked.run(program, env=PLAIN | more).stdout for more in ({}, {"PYTHONOPTIMIZE": "1"})]

    assert printed == ["0\n", "1\n"]


def test_a_signal_is_for_the_child_and_its_status_says_so() -> None:
    with forked.start([sys.executable, "-c", HANG], env=PLAIN, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert (child.stdout.readline(), child.poll()) == ("hangs\n", None)
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.01)
        child.send_signal(signal.SIGKILL)
        assert (child.wait(60), child.stdout.read()) == (-signal.SIGKILL, "")

    child.kill()  # whoever has its number now is somebody else
    assert child.poll() == -signal.SIGKILL


def test_no_child_outlives_its_server(own_server: ForkServer) -> None:
    with forked.start([sys.executable, "-c", HANG], env=PLAIN, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "hangs\n"
        process = psutil.Process(child.pid)
        assert process.ppid() == own_server.pid
        os.kill(own_server.pid, signal.SIGKILL)
        assert child.stdout.read() == ""
        assert child.wait(60) == -signal.SIGKILL
    psutil.wait_procs([process], 60)
    assert not process.is_running()


def test_a_copied_database_is_what_a_fresh_hub_makes(tmp_path: Path) -> None:
    copied = tmp_path / "copied.db"
    place_file(copied)
    fresh = Hub(tmp_path, fresh=True)
    try:
        fresh.start()
    finally:
        fresh.close()

    def made_of(file: Path) -> list[tuple[Any, ...]]:
        with closing(Hub(tmp_path, database=file).connect()) as connection:
            found: list[tuple[Any, ...]] = connection.execute(
                "SELECT type, name, sql FROM sqlite_schema UNION ALL SELECT app, name, '' FROM django_migrations"
            ).fetchall()
            return [*found, *connection.execute("SELECT journal_mode FROM pragma_journal_mode")]

    assert made_of(copied) == made_of(fresh.database)
    assert copied.stat().st_mode == fresh.database.stat().st_mode
