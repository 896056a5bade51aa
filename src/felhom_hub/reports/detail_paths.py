"""Where the details of a report may stand: the one table of their names in every version, and the look-up in it.

A new alias is one more path here; facts that `payload.py` reads as well keep their paths there. Pure.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from felhom_hub.base.tolerant import as_items, as_number
from felhom_hub.reports import payload

Read = TypeVar("Read")

_SHARED = (
    "last_backup_at", "last_backup_ok", "last_db_dump_at", "last_db_dump_ok",
    "drive_percent", "drive_name", "drive_mounted", "drive_state",
)  # fmt: skip
PATHS: dict[str, tuple[str, ...]] = {
    **{fact: payload.PATHS[fact] for fact in _SHARED},
    "hostname": ("system.hostname", "hostname"),
    "os": ("system.os", "system.os_name", "system.platform"),
    "kernel": ("system.kernel", "system.kernel_version"),
    "cores": ("system.cpu_cores", "system.cores", "system.cpu_count"),
    "load_1": ("system.load_1", "system.load1", "system.load_average_1m"),
    "swap_percent": ("system.swap_percent", "system.swap_usage_percent"),
    "drives": ("storage.paths", "storage.disks", "storage.drives", "storage"),
    "containers": ("containers.containers", "containers.items", "containers"),
    "stacks": ("stacks.stacks", "stacks.items", "stacks"),
    "apps": ("app_telemetry",),
    "snapshot_count": ("backup.snapshot_count", "backup.snapshots"),
    "last_integrity_at": ("backup.last_integrity_check_at", "backup.last_integrity_at", "backup.last_check_at"),
    "last_integrity_ok": ("backup.last_integrity_ok", "backup.integrity_ok", "backup.last_check_ok"),
    # Of one drive:
    "drive_path": ("path", "mount_point", "mountpoint"),
    "drive_device": ("device", "dev"),
    "drive_role": ("role", "purpose"),
    # Of one container:
    "container_name": ("name", "container_name"),
    "container_stack": ("stack", "app", "app_name", "project"),
    "container_image": ("image",),
    "container_state": ("state", "status"),
    "container_health": ("health", "health_status"),
    "container_restarts": ("restarts", "restart_count"),
    "container_cpu": ("cpu_percent", "cpu", "cpu_usage"),
    # Of one stack:
    "stack_name": ("name", "stack"),
    "stack_title": ("display_name", "title"),
    "stack_version": ("version",),
    # Where containers or stacks come as counts only:
    "total": ("total", "count"),
    "running": ("running", "healthy"),
    "unhealthy": ("unhealthy",),
}
_SPLIT = {fact: tuple(tuple(path.split(".")) for path in paths) for fact, paths in PATHS.items()}

# A size is the stem with one of these behind it.
_SIZE_UNITS = (("_bytes", 1.0), ("_mb", 1e6), ("_gb", 1e9))
SIZE_STEMS: dict[str, tuple[str, ...]] = {
    "used": ("used", "used_size"),
    "total": ("total", "size", "capacity"),
    "memory_used": ("memory_used", "mem_used"),
    "memory_total": ("memory_total", "mem_total"),
    "container_memory": ("memory", "mem", "memory_usage"),
    "repository": ("repository_size", "repo_size"),
}


def items(document: Mapping[str, Any], fact: str) -> list[dict[str, Any]]:
    """The readable entries of the first of the fact's paths that has some."""
    for path in _SPLIT[fact]:
        entries = [entry for entry in as_items(_value(document, path)) if isinstance(entry, dict)]
        if entries:
            return entries
    return []


def _value(document: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = document
    for member in path:
        value = value.get(member) if isinstance(value, dict) else None
    return value


def find(document: Mapping[str, Any], fact: str, read: Callable[[object], Read | None]) -> Read | None:
    """The first of the fact's paths that leads to something readable."""
    for path in _SPLIT[fact]:
        value = _value(document, path)
        if value is not None and (found := read(value)) is not None:
            return found
    return None


def size(sizes: Mapping[str, Any], fact: str) -> float | None:
    """A size in bytes, whichever unit it comes in."""
    for stem in SIZE_STEMS[fact]:
        for suffix, unit in _SIZE_UNITS:
            number = as_number(sizes.get(stem + suffix))
            if number is not None and number >= 0:
                return number * unit
    return None
