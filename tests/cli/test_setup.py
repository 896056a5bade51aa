import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.processes import environment

from felhom_hub.cli.setup import forget_settings
from felhom_hub.project.hubfile import CONFIG_VARIABLE

READY = """
from felhom_hub.cli.setup import set_up
set_up()
import structlog
from django.apps import apps
from django.conf import settings
structlog.get_logger("felhom_hub.cli").warning("something", value="it is")
print(apps.ready, settings.HUB.server.listen)
"""


def run(directory: Path, hub_yaml: str) -> subprocess.CompletedProcess[str]:
    path = directory / "hub.yaml"
    path.write_text(hub_yaml, encoding="utf-8")
    environ = environment() | {CONFIG_VARIABLE: str(path)}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-c", READY], cwd=directory, env=environ, capture_output=True, text=True, check=False
    )


def test_django_and_logs_are_ready_with_the_settings_that_were_named(tmp_path: Path) -> None:
    done = run(tmp_path, "server:\n  listen: 127.0.0.1:8123\n")

    assert (done.returncode, done.stdout) == (0, "True 127.0.0.1:8123\n"), done.stderr
    assert "something" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("hub_yaml", ["server:\n  listen: nowhere\n", "server: [\n"])
def test_impossible_settings_raise(tmp_path: Path, hub_yaml: str) -> None:
    done = run(tmp_path, hub_yaml)

    assert (done.returncode, done.stdout) == (1, "")
    assert "HubFileError" in done.stderr.splitlines()[-1]


def test_settings_of_the_environment_are_forgotten_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FELHOM_HUB_DATABASE__URL", "postgresql://precious")
    monkeypatch.setenv("FELHOM_CONTROLLER_KEY", "key")
    for name in [name for name in os.environ if name.startswith("FELHOM_HUB_")]:
        monkeypatch.setenv(name, os.environ[name])  # so that they are there again afterwards
    forget_settings()

    assert [name for name in os.environ if name.startswith("FELHOM_HUB_")] == []
    assert os.environ["FELHOM_CONTROLLER_KEY"] == "key"
