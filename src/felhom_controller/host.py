"""Readings of the operating system: load, memory, disks, temperature, uptime, what system it is."""

import os
import platform
import socket
import threading
import time
from dataclasses import dataclass
from typing import Literal

import psutil

from felhom_controller.report import Storage, System

_MB = 1024 * 1024
_GB = 1_000_000_000
# The processor's own sensors, the most telling first; a drive's or a radio's is no machine temperature.
_CPU_SENSORS = ("coretemp", "k10temp", "zenpower", "cpu_thermal", "cpu-thermal", "soc_thermal", "acpitz")
_HIGHEST_PLAUSIBLE_CELSIUS = 150.0
# Read-only images and pseudo file systems that are always full and nobody's disk.
_NO_DISKS = frozenset({"squashfs", "iso9660", "overlay", "tmpfs", "devtmpfs", "ramfs", "autofs", "fuse.snapfuse"})

_FIRST_SECONDS = 0.5

_of_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Identity:
    """What does not change while the machine runs."""

    hostname: str
    os: str
    kernel: str


def identity() -> Identity:
    """Name and system of this machine."""
    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME") or platform.system()
    except OSError:
        name = platform.system()
    return Identity(socket.gethostname(), name, platform.release())


def temperature_celsius() -> float | None:
    """The processor's highest reading; None on a machine without a sensor, as virtual machines are."""
    read = getattr(psutil, "sensors_temperatures", None)
    sensors = read() if read is not None else {}
    for name in _CPU_SENSORS:
        readings = [reading.current for reading in sensors.get(name, ()) if reading.current is not None]
        plausible = [value for value in readings if 0 < value < _HIGHEST_PLAUSIBLE_CELSIUS]
        if plausible:
            return float(round(max(plausible), 1))
    return None


def cpu_percent() -> float:
    """Use of all processors since this thread's previous call; the first one is measured over a moment.

    psutil answers a thread's first call with 0, since it has nothing to compare with.
    """
    interval = None if getattr(_of_thread, "has_measured", False) else _FIRST_SECONDS
    _of_thread.has_measured = True
    return psutil.cpu_percent(interval=interval)


def read_system(disk_percent: float | None) -> System:
    """The machine's present state; processor use is measured since the previous call, the first one over a moment."""
    known = identity()
    memory = psutil.virtual_memory()
    return System(
        hostname=known.hostname,
        os=known.os,
        kernel=known.kernel,
        cpu_percent=cpu_percent(),
        load_1=round(os.getloadavg()[0], 2),
        memory_percent=memory.percent,
        memory_used_mb=(memory.total - memory.available) // _MB,
        memory_total_mb=memory.total // _MB,
        swap_percent=psutil.swap_memory().percent,
        temperature_celsius=temperature_celsius(),
        disk_percent=disk_percent,
        uptime_seconds=int(time.time() - psutil.boot_time()),
    )


def read_storage() -> list[Storage]:
    """Each real file system once, the root first."""
    seen: set[str] = set()
    drives = []
    for part in sorted(psutil.disk_partitions(all=False), key=lambda part: (part.mountpoint != "/", part.mountpoint)):
        # A bind mount or subvolume shows the same device again; a file is no place for data.
        if part.fstype in _NO_DISKS or part.device in seen or not os.path.isdir(part.mountpoint):  # noqa: PTH112
            continue
        seen.add(part.device)
        drives.append(_drive(part.mountpoint, part.device, part.fstype))
    if not any(drive.path == "/" for drive in drives):  # in a container the root is an overlay
        drives.insert(0, _drive("/", None, None))
    return drives


def _drive(path: str, device: str | None, fstype: str | None) -> Storage:
    name = "Rendszer" if path == "/" else os.path.basename(path) or path  # noqa: PTH119
    role: Literal["system", "data"] = "system" if path == "/" else "data"
    try:
        usage = psutil.disk_usage(path)
    except OSError:  # a drive that is gone, or a network share that does not answer
        return Storage(name, path, device, fstype, mounted=False, role=role, state="disconnected")
    total, used = round(usage.total / _GB, 1), round(usage.used / _GB, 1)
    return Storage(
        name,
        path,
        device,
        fstype,
        total,
        used,
        usage.percent,
        mounted=True,
        role=role,
        state="ok",
    )
