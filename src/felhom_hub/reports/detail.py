"""Reads what only the page of one customer shows: drives, containers, backups, the machine; tolerant of every version.

Where each fact may stand is `detail_paths.py`. What cannot be read is None: "not reported", never 0. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from felhom_hub.base.tolerant import (
    BadJsonError,
    as_bool,
    as_count,
    as_instant,
    as_mapping,
    as_number,
    as_text,
    decode_json,
)
from felhom_hub.reports.app_telemetry import AppFacts, read_apps
from felhom_hub.reports.detail_paths import find, items, size

# More than any box has; a longer list is not worth a page of minutes.
MAX_DRIVES, MAX_CONTAINERS = 50, 500
_TEXT = 200


@dataclass(frozen=True, slots=True)
class Drive:
    """One drive; sizes in bytes."""

    name: str
    path: str | None
    device: str | None
    role: str | None
    state: str | None
    is_mounted: bool | None
    percent: float | None
    used_bytes: float | None
    total_bytes: float | None


@dataclass(frozen=True, slots=True)
class Container:
    """One container; memory in bytes."""

    name: str
    stack: str | None
    image: str | None
    state: str | None
    health: str | None
    restarts: int | None
    cpu_percent: float | None
    memory_bytes: float | None


@dataclass(frozen=True, slots=True)
class ContainerCounts:
    """All that old controllers say of their containers."""

    total: int | None
    running: int | None
    unhealthy: int | None


@dataclass(frozen=True, slots=True)
class Stack:
    """One installed app."""

    name: str
    title: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class Backups:
    """What the box says of its backups; sizes in bytes."""

    last_backup_at: datetime | None
    last_backup_ok: bool | None
    last_db_dump_at: datetime | None
    last_db_dump_ok: bool | None
    last_integrity_at: datetime | None
    last_integrity_ok: bool | None
    snapshot_count: int | None
    repository_bytes: float | None


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine itself; sizes in bytes."""

    hostname: str | None
    os: str | None
    kernel: str | None
    cores: int | None
    load_1: float | None
    swap_percent: float | None
    memory_used_bytes: float | None
    memory_total_bytes: float | None


@dataclass(frozen=True, slots=True)
class Detail:
    """A report's details; `counts` only where it holds no containers but their number."""

    machine: Machine
    drives: tuple[Drive, ...]
    containers: tuple[Container, ...]
    counts: ContainerCounts | None
    stacks: tuple[Stack, ...]
    apps: tuple[AppFacts, ...]
    backups: Backups


def read_detail(body: bytes) -> Detail:
    """The details of a stored report's body, whatever it is."""
    try:
        document = as_mapping(decode_json(body))
    except BadJsonError:
        document = {}
    containers = tuple(_container(entry) for entry in items(document, "containers")[:MAX_CONTAINERS])
    return Detail(
        machine=_machine(document),
        drives=tuple(_drive(entry) for entry in items(document, "drives")[:MAX_DRIVES]),
        containers=containers,
        counts=None if containers else _counts(as_mapping(document.get("containers"))),
        stacks=tuple(stack for entry in items(document, "stacks") if (stack := _stack(entry)) is not None),
        apps=read_apps(items(document, "apps")),
        backups=_backups(document),
    )


_text = partial(as_text, limit=_TEXT)


def _not_negative(value: object) -> float | None:
    number = as_number(value)
    return number if number is not None and number >= 0 else None


def _percent(value: object) -> float | None:
    number = _not_negative(value)
    return number if number is not None and number <= 100 else None  # noqa: PLR2004 - per cent


def _machine(document: Mapping[str, Any]) -> Machine:
    system = as_mapping(document.get("system"))
    return Machine(
        hostname=find(document, "hostname", _text),
        os=find(document, "os", _text),
        kernel=find(document, "kernel", _text),
        cores=find(document, "cores", as_count),
        load_1=find(document, "load_1", _not_negative),
        swap_percent=find(document, "swap_percent", _percent),
        memory_used_bytes=size(system, "memory_used"),
        memory_total_bytes=size(system, "memory_total"),
    )


def _drive(entry: Mapping[str, Any]) -> Drive:
    used, total = size(entry, "used"), size(entry, "total")
    percent = find(entry, "drive_percent", _percent)
    if percent is None and used is not None and total and used <= total:
        percent = round(used / total * 100, 1)
    return Drive(
        name=find(entry, "drive_name", _text) or "drive",
        path=find(entry, "drive_path", _text),
        device=find(entry, "drive_device", _text),
        role=find(entry, "drive_role", _text),
        state=find(entry, "drive_state", _text),
        is_mounted=find(entry, "drive_mounted", as_bool),
        percent=percent,
        used_bytes=used,
        total_bytes=total,
    )


def _container(entry: Mapping[str, Any]) -> Container:
    return Container(
        name=find(entry, "container_name", _text) or "container",
        stack=find(entry, "container_stack", _text),
        image=find(entry, "container_image", _text),
        state=_lower(find(entry, "container_state", _text)),
        health=_lower(find(entry, "container_health", _text)),
        restarts=find(entry, "container_restarts", as_count),
        cpu_percent=find(entry, "container_cpu", _not_negative),
        memory_bytes=size(entry, "container_memory"),
    )


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _counts(containers: Mapping[str, Any]) -> ContainerCounts | None:
    total, running = find(containers, "total", as_count), find(containers, "running", as_count)
    if total is None and running is None:
        return None
    return ContainerCounts(total, running, find(containers, "unhealthy", as_count))


def _stack(entry: Mapping[str, Any]) -> Stack | None:
    name = find(entry, "stack_name", _text)
    if name is None:
        return None
    return Stack(name, find(entry, "stack_title", _text), find(entry, "stack_version", _text))


def _backups(document: Mapping[str, Any]) -> Backups:
    return Backups(
        last_backup_at=find(document, "last_backup_at", as_instant),
        last_backup_ok=find(document, "last_backup_ok", as_bool),
        last_db_dump_at=find(document, "last_db_dump_at", as_instant),
        last_db_dump_ok=find(document, "last_db_dump_ok", as_bool),
        last_integrity_at=find(document, "last_integrity_at", as_instant),
        last_integrity_ok=find(document, "last_integrity_ok", as_bool),
        snapshot_count=find(document, "snapshot_count", as_count),
        repository_bytes=size(as_mapping(document.get("backup")), "repository"),
    )
