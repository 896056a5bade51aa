import json
import platform
import subprocess
import sys

from felhom_hub import __version__
from felhom_hub.project.sqlite import FIRST_SOUND_VERSION


def run(*arguments: str) -> str:
    # A process of its own: the command puts another SQLite in the place of Python's.
    command = [sys.executable, "-m", "felhom_hub.cli", "version", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_versions_are_named_one_a_line() -> None:
    hub, python, sqlite = run().splitlines()
    assert (hub, python) == (f"felhom-hub {__version__}", f"Python {platform.python_version()}")
    assert sqlite.startswith("SQLite 3.")


def test_versions_are_named_as_json() -> None:
    versions = json.loads(run("--json"))
    sqlite = versions["sqlite"]
    assert versions == {
        "felhom_hub": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite,
        "sqlite_wal_is_sound": tuple(map(int, sqlite.split("."))) >= FIRST_SOUND_VERSION,
    }
