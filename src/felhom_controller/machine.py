"""The real machine: runs every probe and makes the report of them.

A probe that fails leaves its member out and says why in the log once; it never stops a report.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import structlog

from felhom_controller.docker import engine_socket, read_containers, stacks_of
from felhom_controller.host import read_storage, read_system
from felhom_controller.report import REPORT_VERSION, Container, Health, Report, Storage, readable
from felhom_controller.units import failed_units, has_systemd

T = TypeVar("T")

_FULL_PERCENT, _CRITICAL_PERCENT = 85.0, 95.0
HOT_CELSIUS, _CRITICAL_CELSIUS = 80.0, 90.0

_log = structlog.get_logger("felhom_controller.machine")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this controller reports as."""

    customer_id: str
    customer_name: str | None
    controller_version: str
    controller_url: str | None


class Machine:
    """This machine's probes, and which of them have failed so far."""

    def __init__(self, identity: Identity, *, container_socket: Path | None = None) -> None:
        self._identity = identity
        self._container_socket = container_socket
        self._failing: set[str] = set()

    def report(self, at: datetime, *, config_hash: str | None) -> Report:
        """What the machine reports now; `at` is its own clock with its zone."""
        storage = self._probe("storage", read_storage)
        fullest = max((drive.percent for drive in storage or () if drive.percent is not None), default=None)
        system = self._probe("system", lambda: read_system(fullest))
        engine = self._container_socket or engine_socket()
        containers = None if engine is None else self._probe("containers", lambda: read_containers(engine))
        units = self._probe("systemd units", failed_units) if has_systemd() else None
        celsius = None if system is None else system.temperature_celsius
        report = Report(
            version=REPORT_VERSION,
            customer_id=self._identity.customer_id,
            customer_name=self._identity.customer_name,
            controller_version=self._identity.controller_version,
            controller_url=self._identity.controller_url,
            timestamp=at.isoformat(),
            config_hash=config_hash,
            monitoring_paused=False,
            health=health_of(storage or [], celsius=celsius, units=units or [], containers=containers or []),
            system=system,
            storage=storage,
            containers=containers,
            stacks=None if containers is None else stacks_of(containers),
        )
        return readable(report)

    def _probe(self, name: str, read: Callable[[], T]) -> T | None:
        try:
            value = read()
        except Exception as error:  # noqa: BLE001 - whatever a driver or a file system throws, the report goes out
            if name not in self._failing:
                self._failing.add(name)
                _log.warning("probe failed; its part is left out of the reports", probe=name, error=str(error))
            return None
        if name in self._failing:
            self._failing.discard(name)
            _log.info("probe works again", probe=name)
        return value


def health_of(
    storage: list[Storage], *, celsius: float | None, units: list[str], containers: list[Container]
) -> Health:
    """The verdict over what was measured: issues are failures, warnings are not yet."""
    issues = []
    warnings = [f"systemd unit {unit} has failed" for unit in units]
    warnings += [f"container {item.name} is {_ailing(item)}" for item in containers if _ailing(item)]
    for drive in storage:
        if drive.state == "disconnected":
            issues.append(f"drive {drive.name} ({drive.path}) is not reachable")
        elif drive.percent is not None and drive.percent >= _CRITICAL_PERCENT:
            issues.append(f"drive {drive.name} ({drive.path}) is {drive.percent:.0f} % full")
        elif drive.percent is not None and drive.percent >= _FULL_PERCENT:
            warnings.append(f"drive {drive.name} ({drive.path}) is {drive.percent:.0f} % full")
    if celsius is not None and celsius >= _CRITICAL_CELSIUS:
        issues.append(f"CPU is at {celsius:.0f} °C")
    elif celsius is not None and celsius >= HOT_CELSIUS:
        warnings.append(f"CPU is at {celsius:.0f} °C")
    return Health("fail" if issues else "warn" if warnings else "ok", issues, warnings)


def _ailing(item: Container) -> str:
    """What is wrong with a container, or nothing; one that was stopped on purpose looks like any other that ended."""
    if item.state == "restarting":
        return "restarting"
    return "unhealthy" if item.health == "unhealthy" else ""
