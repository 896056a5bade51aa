"""Rewords a report as a controller would that we never met: other names wherever the reader knows one, other apps.

Shows what such a controller costs on disk; the dictionary that bodies are compressed with knows none of its words.
Pure.
"""

from typing import Any

import msgspec

# Canonical name → one of the aliases that the contract has us read, else an invented one.
_NAMES = {
    "version": "schema", "customer_name": "name", "controller_version": "agentRelease", "controller_url": "agentUrl",
    "timestamp": "reported_at", "config_hash": "configDigest", "monitoring_paused": "paused",
    "health": "condition", "status": "level", "issues": "problems", "warnings": "notices",
    "system": "system", "hostname": "nodeName", "kernel": "kernelRelease", "os": "distribution",
    "cpu_percent": "cpu_usage", "load_1": "loadAverage", "memory_percent": "mem_percent",
    "memory_used_mb": "memUsedMiB", "memory_total_mb": "memInstalledMiB", "swap_percent": "swapUsage",
    "temperature_celsius": "temp_c", "disk_percent": "disk_usage", "uptime_seconds": "uptime",
    "storage": "storage", "path": "mount_point", "device": "blockDevice", "fstype": "fileSystem", "total_gb": "sizeGiB",
    "used_gb": "filledGiB", "percent": "usage_percent", "mounted": "is_mounted", "role": "purpose",
    "containers": "workloads", "stack": "project", "image": "artifact", "restarts": "restartCount",
    "memory_mb": "residentMiB", "started_at": "runningSince", "stacks": "projects",
    "backup": "backup", "last_backup_at": "last_snapshot", "last_backup_ok": "backup_ok",
    "last_db_dump_at": "last_dump", "last_db_dump_ok": "dump_ok", "repository_size_mb": "vaultMiB",
    "snapshot_count": "snapshotsKept",
    "last_integrity_check_at": "verifiedAt", "last_integrity_ok": "verifiedFine",
    "app_telemetry": "app_telemetry", "app_name": "app", "display_name": "title", "container_name": "container",
    "memory_current_mb": "mem_current_mb", "memory_avg_mb": "mem_avg_mb", "memory_peak_mb": "mem_peak_mb",
    "cpu_avg_percent": "cpu_percent", "sample_count": "samplesTaken", "catalog_memory_request_mb": "mem_request",
    "catalog_memory_limit_mb": "mem_limit", "log_errors_24h": "error_count", "log_warnings_24h": "warning_count",
    "top_issues": "recent_issues", "severity": "gravity", "message": "text", "fingerprint": "hash",
    "count": "occurrences", "first_seen": "first_seen_at", "last_seen": "last_seen_at",
}  # fmt: skip
# Their values name what the machine runs; other machines run other things.
_FOREIGN_VALUES = frozenset({
    "name", "stack", "image", "display_name", "app_name", "container_name", "message", "os", "kernel", "hostname",
    "device", "path", "fstype", "state", "severity",
})  # fmt: skip
_TURNED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "nopqrstuvwxyzabcdefghijklmNOPQRSTUVWXYZABCDEFGHIJKLM"
)


def foreign(body: bytes) -> bytes:
    """The report in other words, of the same size and content."""
    return msgspec.json.encode(_reworded(msgspec.json.decode(body)))


def _reworded(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {_NAMES.get(member, member): _reworded(each, member) for member, each in value.items()}
    if isinstance(value, list):
        return [_reworded(each, name) for each in value]
    if isinstance(value, str) and name in _FOREIGN_VALUES:
        return value.translate(_TURNED)
    return value
