"""What `make check` also asks: the order of the rooms, and that models and migrations say the same."""

import os
import subprocess
import sys
from pathlib import Path

from tests.structure.files import ROOT

_BIN = Path(sys.executable).parent


def run(*command: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
    environment = inherited | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False, env=environment)


def test_rooms_import_downwards_only() -> None:
    done = run(str(_BIN / "lint-imports"), "--no-cache")

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_migration_is_missing() -> None:
    settings = "felhom_hub.project.settings"
    done = run(sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run", "--settings", settings)

    assert done.returncode == 0, done.stdout + done.stderr
