"""Describes the machine that the numbers are from, the disk's flush and everything else that decides about them."""

import contextlib
import os
import platform
import subprocess
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil

from bench.servers import ROOT

_FLUSHES = 200
_PAGE = bytes(8192)  # the size of a page of the hub's database


def describe(directory: Path) -> dict[str, Any]:
    """What the table is headed with; `directory` lies on the disk that the databases will lie on."""
    flushes = flush_times(directory)
    return {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mib": psutil.virtual_memory().total // 2**20,
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": _sqlite_version(),
        "filesystem": _filesystem(directory),
        "fdatasync_ms": {"median": median(flushes), "p95": quantiles(flushes, n=20, method="inclusive")[-1]},
        "revision": _revision(),
        "load_before": os.getloadavg()[0],
    }


def stolen_seconds() -> float:
    """Processor time that the machine's host has given to others since the machine started."""
    return float(getattr(psutil.cpu_times(), "steal", 0.0))


def flush_times(directory: Path) -> list[float]:
    """Milliseconds that a page written over another takes to the disk, as in a write-ahead log of its usual size."""
    path = directory / "flush"
    taken = []
    with path.open("w+b", buffering=0) as file:
        file.write(_PAGE * _FLUSHES)
        os.fsync(file.fileno())
        file.seek(0)
        for _ in range(_FLUSHES):
            file.write(_PAGE)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return taken


def _cpu_model() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _filesystem(directory: Path) -> str:
    whole = directory.resolve()
    mounts = [part for part in psutil.disk_partitions(all=True) if whole.is_relative_to(part.mountpoint)]
    return str(max(mounts, key=lambda part: len(part.mountpoint)).fstype) if mounts else "unknown"


def _sqlite_version() -> str:
    from felhom_hub.project.sqlite import use_own_sqlite  # noqa: PLC0415 - before sqlite3 itself

    use_own_sqlite()
    import sqlite3  # noqa: PLC0415 - the one put in place above

    return sqlite3.sqlite_version


def _revision() -> str:
    """The commit's short hash, with a + where files differ from it; "unknown" outside a checkout."""
    try:
        revision = _git("rev-parse", "--short", "HEAD")
        return revision + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
