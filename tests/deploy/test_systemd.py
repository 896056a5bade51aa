"""The unit of systemd: what it lets the hub do, by systemd's own judgement, and that it says what is true."""

import re
import shutil
import subprocess
from configparser import RawConfigParser

import click
import pytest
from tests.structure.files import ROOT

from felhom_hub.cli import COMMANDS
from felhom_hub.project.running import NotNow

UNIT = ROOT / "deploy" / "systemd" / "felhom-hub.service"
MOST_EXPOSED = 2.0  # of 10; what an untouched service has is 9.6


def settings(section: str = "Service") -> dict[str, str]:
    found = RawConfigParser(strict=False)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read(UNIT)
    return dict(found[section])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_its_exposure_is_low() -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(UNIT)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)

    assert found is not None, done.stdout + done.stderr
    assert float(found[1]) < MOST_EXPOSED


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_every_line() -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(UNIT)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    # That the hub is not installed at its place on this machine is all that it may say.
    complaints = [line for line in done.stderr.splitlines() if UNIT.name in line and "is not executable" not in line]
    assert complaints == []


def test_it_serves_from_where_it_may_write() -> None:
    found = settings()
    program, command, *_ = found["ExecStart"].split()

    assert program.endswith("/bin/felhom-hub")
    assert command in COMMANDS
    assert f"FELHOM_HUB_SERVER__DATA_DIR=/var/lib/{found['StateDirectory']}" in found["Environment"]
    assert (found["DynamicUser"], found["ProtectSystem"]) == ("yes", "strict")


def test_what_may_pass_is_waited_for_and_an_impossible_setting_is_not() -> None:
    found = settings()

    assert found["Restart"] == "on-failure"
    assert found["RestartPreventExitStatus"] == str(click.UsageError.exit_code)  # an impossible setting
    assert NotNow.exit_code not in {0, click.UsageError.exit_code}
    # By default systemd gives up after five starts in ten seconds, which such refusals soon are.
    assert settings("Unit")["StartLimitIntervalSec"] == "0"
