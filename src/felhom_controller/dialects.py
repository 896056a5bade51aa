"""How old controllers word a report: the contract's aliases and left-out members, made from the canonical report.

To add a dialect, write a function from the canonical members to the old ones and name it in `_DIALECTS`.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from felhom_controller.report import Report, encode

Members = dict[str, Any]
_BYTES_PER_GB = 1_000_000_000
_TO_MEMBERS = msgspec.to_builtins
_ENCODE = msgspec.json.Encoder().encode


def _renamed(members: Members, names: dict[str, str]) -> Members:
    return {names.get(name, name): value for name, value in members.items()}


def _without(members: Members, *names: str) -> Members:
    return {name: value for name, value in members.items() if name not in names}


def _v0_29(members: Members) -> Members:
    """Telemetry with the limits' first names, and `issues` for `top_issues`."""
    names = {"catalog_memory_request_mb": "catalog_mem_request_mb", "top_issues": "issues"}
    return members | {"app_telemetry": [_renamed(app, names) for app in members["app_telemetry"]]}


def _v0_28(members: Members) -> Members:
    """The first telemetry: short names, `recent_issues` with `occurrences`."""
    names = {
        "catalog_memory_request_mb": "mem_request",
        "catalog_memory_limit_mb": "mem_limit",
        "log_errors_24h": "log_error_count",
        "log_warnings_24h": "log_warning_count",
        "top_issues": "recent_issues",
    }
    apps = []
    for app in members["app_telemetry"]:
        old = _renamed(app, names)
        if "recent_issues" in old:
            old["recent_issues"] = [_renamed(issue, {"count": "occurrences"}) for issue in old["recent_issues"]]
        apps.append(old)
    return members | {"app_telemetry": apps}


def _v0_27(members: Members) -> Members:
    """Before telemetry."""
    return _without(members, "app_telemetry")


def _v0_21(members: Members) -> Members:
    """Before `controller_url` and `config_hash`; objects for storage, containers and stacks; sizes in bytes."""
    names = {"cpu_percent": "cpu_usage", "memory_percent": "memory_usage_percent", "temperature_celsius": "temperature"}
    paths = [
        _without(drive, "total_gb", "used_gb", "role", "state")
        | {"total_bytes": int(drive["total_gb"] * _BYTES_PER_GB), "used_bytes": int(drive["used_gb"] * _BYTES_PER_GB)}
        for drive in members["storage"]
    ]
    return _without(_v0_27(members), "controller_url", "config_hash", "monitoring_paused") | {
        "health": members["health"]["status"],
        "system": _renamed(members["system"], names),
        "storage": {"paths": paths},
        "containers": {item["name"]: _without(item, "name") for item in members["containers"]},
        "stacks": {item["name"]: _without(item, "name") for item in members["stacks"]},
        "backup": _renamed(members["backup"], {"last_db_dump_at": "last_dump", "last_backup_at": "last_snapshot"}),
    }


def _v0_18(members: Members) -> Members:
    """The oldest: counts instead of containers and stacks, `health_status` instead of health."""
    names = {"cpu_percent": "cpu", "memory_percent": "mem_percent", "temperature_celsius": "temp_c"}
    states = [item["state"] for item in members["containers"]]
    running = states.count("running")
    counts = {"total": len(states), "running": running, "stopped": len(states) - running, "unhealthy": 0}
    older = _without(_v0_21(members), "health", "customer_name")
    return older | {
        "health_status": members["health"]["status"],
        "system": _renamed(members["system"], names),
        "storage": {"disks": older["storage"]["paths"]},
        "containers": counts,
        "stacks": {"total": len(members["stacks"]), "running": len(members["stacks"])},
    }


_DIALECTS: dict[str, Callable[[Members], Members]] = {
    "v0.29": _v0_29,
    "v0.28": _v0_28,
    "v0.27": _v0_27,
    "v0.21": _v0_21,
    "v0.18": _v0_18,
}


def encode_in(dialect: str, report: Report) -> bytes:
    """The report's bytes as a controller of that age words them; canonical for a dialect without a peculiarity."""
    reword = _DIALECTS.get(dialect)
    return encode(report) if reword is None else _ENCODE(reword(_TO_MEMBERS(report)))
