"""The canonical report of the wire contract as types, and its bytes.

Decides names, order and nesting; what the values are is left to `machine` (real) and `synthetic` (simulated).
A member that is None is left out of the bytes: "not known" must never look like 0. The types are frozen and hold no
cycles, so that the garbage collector need not look at them (`gc=False`).
"""

from typing import Any, Literal

import msgspec

REPORT_VERSION = 1

HealthStatus = Literal["ok", "warn", "fail"]
ContainerState = Literal["running", "exited", "restarting", "paused"]
ContainerHealth = Literal["healthy", "unhealthy", "starting", "none"]


class Health(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    status: HealthStatus
    issues: list[str]
    warnings: list[str]


class System(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    hostname: str | None = None
    os: str | None = None
    kernel: str | None = None
    cpu_percent: float | None = None
    load_1: float | None = None
    memory_percent: float | None = None
    memory_used_mb: int | None = None
    memory_total_mb: int | None = None
    swap_percent: float | None = None
    temperature_celsius: float | None = None
    disk_percent: float | None = None
    uptime_seconds: int | None = None


class Storage(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    name: str
    path: str
    device: str | None = None
    fstype: str | None = None
    total_gb: float | None = None
    used_gb: float | None = None
    percent: float | None = None
    mounted: bool | None = None
    role: Literal["system", "data", "backup"] | None = None
    state: Literal["ok", "disconnected", "decommissioned"] | None = None


class Container(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    name: str
    stack: str | None = None
    image: str | None = None
    state: ContainerState | None = None
    health: ContainerHealth | None = None
    restarts: int | None = None
    cpu_percent: float | None = None
    memory_mb: float | None = None
    started_at: str | None = None


class Stack(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    name: str
    display_name: str | None = None
    state: str | None = None
    version: str | None = None


class Backup(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    last_backup_at: str | None = None
    last_backup_ok: bool | None = None
    last_db_dump_at: str | None = None
    last_db_dump_ok: bool | None = None
    repository_size_mb: int | None = None
    snapshot_count: int | None = None
    last_integrity_check_at: str | None = None
    last_integrity_ok: bool | None = None


class LogIssue(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    severity: Literal["error", "warning"]
    message: str
    fingerprint: str
    count: int
    first_seen: str
    last_seen: str
    container_name: str


class ContainerTelemetry(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    container_name: str
    memory_current_mb: float
    memory_avg_mb: float
    memory_peak_mb: float
    cpu_avg_percent: float
    sample_count: int


class AppTelemetry(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    app_name: str
    display_name: str
    containers: list[ContainerTelemetry]
    memory_current_mb: float
    memory_avg_mb: float
    memory_peak_mb: float
    cpu_avg_percent: float
    sample_count: int
    catalog_memory_request_mb: int | None = None
    catalog_memory_limit_mb: int | None = None
    log_errors_24h: int | None = None
    log_warnings_24h: int | None = None
    top_issues: list[LogIssue] | None = None


class Report(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    version: int
    customer_id: str
    customer_name: str | None = None
    controller_version: str | None = None
    controller_url: str | None = None
    timestamp: str | None = None
    config_hash: str | None = None
    monitoring_paused: bool | None = None
    health: Health | None = None
    system: System | None = None
    storage: list[Storage] | None = None
    containers: list[Container] | None = None
    stacks: list[Stack] | None = None
    backup: Backup | None = None
    app_telemetry: list[AppTelemetry] | None = None


encode = msgspec.json.Encoder().encode


def readable(report: Report) -> Report:
    """The report with `?` for what no JSON can carry: half characters, as odd names of drives or containers have."""
    try:
        encode(report)
    except UnicodeEncodeError:
        return msgspec.convert(_readable(msgspec.to_builtins(report)), Report)
    return report


def _readable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {name: _readable(member) for name, member in value.items()}
    return [_readable(member) for member in value] if isinstance(value, list) else value
