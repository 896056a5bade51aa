import os
import platform
import socket
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from structlog.testing import capture_logs

from felhom_controller.machine import Identity, Machine, health_of
from felhom_controller.report import Container, Report, Storage

WHO = Identity("kiss-foto", None, "v1.0.0", "https://felhom.example.hu")
AT = datetime(2026, 3, 12, 13, 0, 0, 5, tzinfo=UTC)


def _report(machine: Machine) -> Report:
    return machine.report(AT, config_hash=None)


def test_the_real_machine_is_measured() -> None:
    report = _report(Machine(WHO))
    assert (report.customer_id, report.controller_url, report.timestamp) == (
        "kiss-foto",
        "https://felhom.example.hu",
        "2026-03-12T13:00:00.000005+00:00",
    )
    system = report.system
    assert system is not None
    assert (system.hostname, system.kernel) == (socket.gethostname(), platform.release())
    assert system.memory_total_mb == psutil.virtual_memory().total // (1024 * 1024)
    assert system.uptime_seconds is not None
    assert system.uptime_seconds >= 0
    assert report.storage is not None
    assert report.storage[0].path == "/"
    assert report.storage[0].role == "system"


def _broken(*_arguments: Any) -> None:
    raise PermissionError(13, "Permission denied")


def test_a_probe_that_fails_leaves_its_part_out_and_says_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(WHO)
    with monkeypatch.context() as broken, capture_logs() as logs:
        broken.setattr(os, "getloadavg", _broken)
        reports = [_report(machine), _report(machine)]
    assert [(report.system, report.storage is None) for report in reports] == [(None, False)] * 2
    assert [(entry["log_level"], entry["probe"]) for entry in logs] == [("warning", "system")]


def test_a_probe_that_works_again_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(WHO)
    with monkeypatch.context() as broken:
        broken.setattr(os, "getloadavg", _broken)
        _report(machine)
    with capture_logs() as logs:
        assert _report(machine).system is not None
    assert [(entry["log_level"], entry["event"]) for entry in logs] == [("info", "probe works again")]


def test_a_drive_whose_name_is_no_text_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = SimpleNamespace(mountpoint="/\udcff", device="/dev/sdz", fstype="ext4")
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_options: [odd])
    monkeypatch.setattr(os.path, "isdir", lambda _path: True)
    assert [drive.path for drive in _report(Machine(WHO)).storage or ()] == ["/", "/?"]


def _drive(percent: float | None, state: Any = "ok") -> Storage:
    return Storage("hdd1", "/mnt/hdd1", percent=percent, state=state)


@pytest.mark.parametrize(
    ("storage", "celsius", "units", "containers", "verdict"),
    [
        ([_drive(84.9)], 79.9, [], [], ("ok", [], [])),
        ([], None, [], [], ("ok", [], [])),
        ([_drive(85.0)], None, [], [], ("warn", [], ["drive hdd1 (/mnt/hdd1) is 85 % full"])),
        ([_drive(95.0)], None, [], [], ("fail", ["drive hdd1 (/mnt/hdd1) is 95 % full"], [])),
        ([_drive(None, "disconnected")], None, [], [], ("fail", ["drive hdd1 (/mnt/hdd1) is not reachable"], [])),
        ([], 80.0, [], [], ("warn", [], ["CPU is at 80 °C"])),
        ([], 90.0, [], [], ("fail", ["CPU is at 90 °C"], [])),
        ([], None, ["nginx.service"], [], ("warn", [], ["systemd unit nginx.service has failed"])),
        ([], None, [], [Container("db", health="unhealthy")], ("warn", [], ["container db is unhealthy"])),
        ([], None, [], [Container("db", state="restarting")], ("warn", [], ["container db is restarting"])),
        ([], None, [], [Container("db", state="exited", health="none")], ("ok", [], [])),
    ],
)
def test_the_verdict_over_what_was_measured(
    storage: list[Storage],
    celsius: float | None,
    units: list[str],
    containers: list[Container],
    verdict: tuple[Any, ...],
) -> None:
    health = health_of(storage, celsius=celsius, units=units, containers=containers)
    assert (health.status, health.issues, health.warnings) == verdict
