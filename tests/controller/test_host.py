import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from felhom_controller.host import cpu_percent, read_storage, temperature_celsius


def _reading(value: float | None) -> SimpleNamespace:
    return SimpleNamespace(current=value)


@pytest.mark.parametrize(
    ("sensors", "celsius"),
    [
        ({}, None),
        ({"coretemp": [_reading(48.04), _reading(51.0)], "nvme": [_reading(70.0)]}, 51.0),
        ({"nvme": [_reading(70.0)]}, None),
        ({"k10temp": [_reading(None)], "acpitz": [_reading(27.8)]}, 27.8),
        ({"coretemp": [_reading(-128.0), _reading(999.0)]}, None),
    ],
)
def test_temperature_is_the_processors_highest(
    monkeypatch: pytest.MonkeyPatch, sensors: dict[str, Any], celsius: float | None
) -> None:
    monkeypatch.setattr(psutil, "sensors_temperatures", lambda: sensors, raising=False)
    assert temperature_celsius() == celsius


def _part(device: str, mountpoint: str, fstype: str = "ext4") -> SimpleNamespace:
    return SimpleNamespace(device=device, mountpoint=mountpoint, fstype=fstype)


def test_each_drive_is_listed_once_and_the_root_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    data, bound, image = (tmp_path / name for name in ("data", "bound", "image"))
    for directory in (data, bound, image):
        directory.mkdir()
    parts = [
        _part("/dev/sda1", str(data)),
        _part("/dev/sda1", str(data / "..") + "/data"),
        _part("/dev/loop1", str(image), "squashfs"),
        _part("/dev/nvme0n1p2", "/"),
    ]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_options: parts)
    drives = read_storage()
    assert [(drive.path, drive.name, drive.role, drive.state) for drive in drives] == [
        ("/", "Rendszer", "system", "ok"),
        (str(data), "data", "data", "ok"),
    ]


def test_a_machine_in_a_container_still_reports_its_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_options: [])
    assert [drive.path for drive in read_storage()] == ["/"]


def test_a_drive_that_cannot_be_read_is_disconnected(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    def usage(path: str) -> SimpleNamespace:
        if path != "/":
            raise OSError(5, "Input/output error")
        return SimpleNamespace(total=100e9, used=41e9, percent=41.0)

    monkeypatch.setattr(psutil, "disk_partitions", lambda **_options: [_part("/dev/sdb1", str(tmp_path))])
    monkeypatch.setattr(psutil, "disk_usage", usage)
    assert [(drive.state, drive.percent, drive.total_gb) for drive in read_storage()] == [
        ("ok", 41.0, 100.0),
        ("disconnected", None, None),
    ]


def test_processor_use_is_measured_from_the_first_call_on() -> None:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        # A thread of its own: psutil compares with the same thread's previous call.
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(cpu_percent).result()
    finally:
        busy.kill()
        busy.wait()

    assert first > 0
