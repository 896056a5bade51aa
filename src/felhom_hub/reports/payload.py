"""Reads a report: bytes → `ReportFacts`, tolerant of every version; refuses only what names no customer.

`PATHS` is the one table of where a fact may stand. A new alias is one more path in it; a new fact is one more line
there and one attribute in `ReportFacts`. A fact that cannot be read is None: "not reported", never 0. Pure.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, TypeVar

import msgspec
from msgspec.structs import asdict

from felhom_hub.base.tolerant import (
    DECODER_ERRORS,
    BadJsonError,
    as_bool,
    as_instant,
    as_items,
    as_mapping,
    as_number,
    as_text,
    require_shallow,
)
from felhom_hub.customers.identity import read_customer_id, read_object
from felhom_hub.reports.status import Health

Read = TypeVar("Read")

# Longest texts that a column keeps; the body keeps them whole.
_NAME, _VERSION, _URL, _HASH, _SENTENCE = 200, 64, 500, 64, 300
_MAX_MESSAGES = 20

PATHS: dict[str, tuple[str, ...]] = {
    "reported_at": ("timestamp", "reported_at", "time"),
    "customer_name": ("customer_name", "name"),
    "controller_version": ("controller_version", "controller.version"),
    "controller_url": ("controller_url", "controller.url"),
    "config_hash": ("config_hash", "controller.config_hash"),
    "monitoring_paused": ("monitoring_paused", "monitoring.paused", "health.paused", "paused"),
    "health": ("health.status", "health.state", "health_status", "health", "status"),
    "cpu_percent": ("system.cpu_percent", "system.cpu_usage_percent", "system.cpu_usage", "system.cpu", "cpu_percent"),
    "memory_percent": (
        "system.memory_percent",
        "system.mem_percent",
        "system.memory_usage_percent",
        "system.memory_usage",
        "system.memory",
        "memory_percent",
    ),
    "temperature_celsius": (
        "system.temperature_celsius",
        "system.temperature",
        "system.temp_c",
        "system.cpu_temperature",
        "temperature_celsius",
    ),
    "disk_percent": ("system.disk_percent", "system.disk_usage_percent", "system.disk_usage", "system.disk"),
    "uptime_seconds": ("system.uptime_seconds", "system.uptime"),
    "last_backup_at": (
        "backup.last_backup_at",
        "backup.last_snapshot_at",
        "backup.last_snapshot",
        "backup.last_backup",
    ),
    "last_backup_ok": ("backup.last_backup_ok", "backup.last_snapshot_ok", "backup.backup_ok", "backup.ok"),
    "last_db_dump_at": ("backup.last_db_dump_at", "backup.last_dump_at", "backup.last_dump", "backup.last_db_dump"),
    "last_db_dump_ok": ("backup.last_db_dump_ok", "backup.last_dump_ok", "backup.dump_ok", "backup.db_dump_ok"),
    # Of one drive, within `storage`:
    "drive_percent": ("percent", "used_percent", "usage_percent", "usage"),
    "drive_name": ("name", "label", "path", "mount_point", "device"),
    "drive_mounted": ("mounted", "is_mounted"),
    "drive_state": ("state", "status"),
}
_SPLIT = {fact: tuple(path.rpartition(".")[::2] for path in paths) for fact, paths in PATHS.items()}

# A size may come in any of these, and is only ever divided by another of the same drive.
_SIZE_UNITS = (("_bytes", 1.0), ("_mb", 1e6), ("_gb", 1e9))

_HEALTH_WORDS = {
    "ok": Health.OK, "healthy": Health.OK, "good": Health.OK, "green": Health.OK,
    "warn": Health.WARN, "warning": Health.WARN, "degraded": Health.WARN, "yellow": Health.WARN,
    "fail": Health.FAIL, "failed": Health.FAIL, "error": Health.FAIL, "critical": Health.FAIL,
    "unhealthy": Health.FAIL, "red": Health.FAIL,
}  # fmt: skip


class ReportFacts(msgspec.Struct, frozen=True):
    """What one report says, as far as the columns and the status need it; sentences are at most 20.

    Only values, none of the sender's objects: it waits for the writer.
    """

    customer_id: str
    customer_name: str | None
    reported_at: datetime | None
    controller_version: str | None
    controller_url: str | None
    config_hash: str | None
    monitoring_paused: bool | None
    health: Health | None
    health_messages: tuple[str, ...]
    cpu_percent: float | None
    memory_percent: float | None
    disk_percent: float | None
    disk_name: str | None
    temperature_celsius: float | None
    uptime_seconds: float | None
    last_backup_at: datetime | None
    last_backup_ok: bool | None
    last_db_dump_at: datetime | None
    last_db_dump_ok: bool | None


def read_report(body: bytes) -> ReportFacts:
    """The facts of a report's body.

    Raises BadRequest when it is not a JSON object or names no customer, Impossible when its `customer_id` breaks
    the rule. Nothing else in it can make the hub refuse it (contract 1.1).
    """
    document = _read_members(body)
    system = as_mapping(document.get("system"))
    disk_percent, disk_name = _fullest_drive(document.get("storage"))
    if disk_percent is None:
        disk_percent = _find(document, "disk_percent", _percent)
    memory_percent = _find(document, "memory_percent", _percent)
    return ReportFacts(
        customer_id=read_customer_id(document),
        customer_name=_find(document, "customer_name", _name),
        reported_at=_find(document, "reported_at", as_instant),
        controller_version=_find(document, "controller_version", _version),
        controller_url=_find(document, "controller_url", _url),
        config_hash=_find(document, "config_hash", _hash),
        monitoring_paused=_find(document, "monitoring_paused", as_bool),
        health=_find(document, "health", _health),
        health_messages=_health_messages(as_mapping(document.get("health"))),
        cpu_percent=_find(document, "cpu_percent", _percent),
        memory_percent=_share_used(system, "memory") if memory_percent is None else memory_percent,
        disk_percent=disk_percent,
        disk_name=disk_name,
        temperature_celsius=_find(document, "temperature_celsius", as_number),
        uptime_seconds=_find(document, "uptime_seconds", as_number),
        last_backup_at=_find(document, "last_backup_at", as_instant),
        last_backup_ok=_find(document, "last_backup_ok", as_bool),
        last_db_dump_at=_find(document, "last_db_dump_at", as_instant),
        last_db_dump_ok=_find(document, "last_db_dump_ok", as_bool),
    )


# The members that PATHS speaks of; the rest, such as containers and apps, is checked as JSON but never built.
_OF_INTEREST = sorted({path.partition(".")[0] for path in chain.from_iterable(PATHS.values())} | {"storage"})
_Members = msgspec.defstruct("_Members", [(name, Any, None) for name in [*_OF_INTEREST, "customer_id"]])
_decoder = msgspec.json.Decoder(_Members)


def _read_members(body: bytes) -> Mapping[str, Any]:
    """The members that facts are read from; raises as `read_object` does."""
    try:
        if not body.isascii():
            body.decode()  # msgspec looks at the texts that it builds, and no others
        require_shallow(body)
        return asdict(_decoder.decode(body))
    except (*DECODER_ERRORS, BadJsonError):
        return read_object(body)


def _find(document: Mapping[str, Any], fact: str, read: Callable[[object], Read | None]) -> Read | None:
    """The first of the fact's paths that leads to something readable."""
    for section, member in _SPLIT[fact]:
        value: Any = document
        if section:
            value = document.get(section)
            if type(value) is not dict:
                continue
        value = value.get(member)
        if value is not None:
            found = read(value)
            if found is not None:
                return found
    return None


_name = partial(as_text, limit=_NAME)
_version = partial(as_text, limit=_VERSION)
_url = partial(as_text, limit=_URL)
_hash = partial(as_text, limit=_HASH)


def _percent(value: object) -> float | None:
    number = as_number(value)
    return number if number is not None and 0 <= number <= 100 else None  # noqa: PLR2004 - per cent


def _health(value: object) -> Health | None:
    return _HEALTH_WORDS.get(value.lower()) if isinstance(value, str) else None


def _health_messages(health: Mapping[str, Any]) -> tuple[str, ...]:
    """Issues first, then warnings; an entry may be a sentence or an object that holds one."""
    sentences: list[str] = []
    for member in ("issues", "errors", "warnings"):
        entries = health.get(member)
        for entry in entries if isinstance(entries, list) else ():
            sentence = as_text(entry.get("message") if isinstance(entry, dict) else entry, _SENTENCE)
            if sentence and len(sentences) < _MAX_MESSAGES:
                sentences.append(sentence)
    return tuple(sentences)


def _fullest_drive(storage: object) -> tuple[float | None, str | None]:
    """Per cent and name of the fullest mounted drive; decommissioned ones do not count."""
    if isinstance(storage, dict):
        for member in ("paths", "disks", "drives"):
            if member in storage:
                storage = storage[member]
                break
    fullest: tuple[float | None, str | None] = (None, None)
    for drive in as_items(storage):
        if not isinstance(drive, dict) or _find(drive, "drive_mounted", as_bool) is False:
            continue
        if _find(drive, "drive_state", _name) == "decommissioned":
            continue
        percent = _find(drive, "drive_percent", _percent)
        if percent is None:
            percent = _share_used(drive, "")
        if percent is not None and (fullest[0] is None or percent > fullest[0]):
            fullest = percent, _find(drive, "drive_name", _name)
    return fullest


def _share_used(sizes: Mapping[str, Any], prefix: str) -> float | None:
    """Used of total in per cent, whichever units both come in."""
    stem = f"{prefix}_" if prefix else ""
    used, total = _size(sizes, f"{stem}used"), _size(sizes, f"{stem}total")
    if used is None or not total or not 0 <= used <= total:
        return None
    return round(used / total * 100, 1)


def _size(sizes: Mapping[str, Any], stem: str) -> float | None:
    for suffix, unit in _SIZE_UNITS:
        number = as_number(sizes.get(stem + suffix))
        if number is not None:
            return number * unit
    return None
