import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.servers import forked


def run(directory: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
    return forked.run(
        [sys.executable, "-m", "felhom_hub.cli", "check", *arguments],
        env=inherited | environ,
        cwd=directory,
    )


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory with a hub.yaml that is fit for a start."""
    (tmp_path / "hub.yaml").write_text(
        f"server:\n  listen: 127.0.0.1:8080\n  data_dir: {tmp_path / 'data'}\nregistry:\n  image: ''\n",
        encoding="utf-8",
    )
    return tmp_path


def test_each_check_is_one_line_with_its_weight(directory: Path) -> None:
    done = run(directory)
    words = [line.split(maxsplit=1)[0] for line in done.stdout.splitlines()]
    names = [line[6:22].rstrip() for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert names == [
        "settings",
        "time zone",
        "public URL",
        "access",
        "data directory",
        "free space",
        "assets",
        "secret keys",
        "SQLite",
        "database",
        "backup",
        "registry",
        "template",
    ]
    assert set(words) <= {"ok", "warn"}
    assert done.stdout.splitlines()[0] == "ok    settings         hub.yaml"
    assert [path.name for path in directory.iterdir()] == ["hub.yaml"]


def test_the_same_is_told_as_json(directory: Path) -> None:
    lines = run(directory).stdout.splitlines()
    done = run(directory, "--json")
    found = json.loads(done.stdout)
    shown = [f"{check['level']:<5} {check['check']:<16} {check['message']}" for check in found["checks"]]
    # The clock and the free space go on between the two runs.
    steady = [number for number, line in enumerate(lines) if not line[6:].startswith(("time zone", "free space"))]
    assert (done.returncode, done.stderr, found["ok"]) == (0, "", True)
    assert [shown[number] for number in steady] == [lines[number] for number in steady]


def test_warnings_of_the_settings_are_lines_too_and_no_failure(directory: Path) -> None:
    done = run(directory, FELHOM_HUB_SERVER_LISTEN=":80")
    first = "FELHOM_HUB_SERVER_LISTEN: unknown variable is ignored; did you mean FELHOM_HUB_SERVER__LISTEN?"
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"warn  settings         {first}")


def test_a_failure_ends_with_1(directory: Path) -> None:
    (directory / "data").touch()
    done = run(directory)
    assert done.returncode == 1
    assert f"fail  data directory   {directory / 'data'} is not a directory; see server.data_dir" in done.stdout


IMPOSSIBLE = "hub.yaml:1: retention.max_days is '0', but must be a whole number from 1 to 3650"
UNKNOWN = "hub.yaml:1: unknown key retention.colour is ignored"


@pytest.fixture
def impossible(tmp_path: Path) -> Path:
    (tmp_path / "hub.yaml").write_text("retention: {max_days: 0, colour: 1}\n", encoding="utf-8")
    return tmp_path


def test_impossible_settings_end_with_2_and_plain_lines(impossible: Path) -> None:
    done = run(impossible)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"felhom-hub: warning: {UNKNOWN}\nfelhom-hub: {IMPOSSIBLE}\n"


def test_impossible_settings_are_told_as_json_too(impossible: Path) -> None:
    done = run(impossible, "--json")
    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout) == {
        "ok": False,
        "checks": [
            {"check": "settings", "level": "warn", "message": UNKNOWN},
            {"check": "settings", "level": "fail", "message": IMPOSSIBLE},
        ],
    }


@pytest.mark.parametrize(("name", "reason"), [("missing.yaml", "no such file or directory"), (".", "is a directory")])
def test_a_config_that_cannot_be_read_ends_with_2(tmp_path: Path, name: str, reason: str) -> None:
    done = run(tmp_path, "--config", name)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"felhom-hub: {name}: {reason}\n")


def test_the_config_that_is_named_is_the_one_that_is_checked(directory: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text((directory / "hub.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    done = run(directory, "--config", str(other))
    assert done.stdout.splitlines()[0] == f"ok    settings         {other}"
