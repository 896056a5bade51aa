"""What changed between two reports of a machine, as events: the controller sends a change once, not a state."""

from typing import Any, Literal

from felhom_controller.machine import HOT_CELSIUS
from felhom_controller.report import Report, Storage

Event = dict[str, Any]
Level = Literal["ok", "warning", "critical"]

_WARNING_PERCENT, _CRITICAL_PERCENT = 85.0, 95.0
_RANK: dict[str, int] = {"ok": 0, "warn": 1, "fail": 2}


def events_between(before: Report, after: Report) -> list[Event]:
    """The events that the hub is told when `after` follows `before`, in the order of their weight for the reader."""
    found = [
        *_drives(before, after),
        *_containers(before, after),
        *_temperature(before, after),
        *_health(before, after),
    ]
    return [{"customer_id": after.customer_id, **event, "source": "controller"} for event in found]


def _event(event_type: str, severity: str, message: str, **details: object) -> Event:
    return {"event_type": event_type, "severity": severity, "message": message, "details": details}


def _level(drive: Storage) -> Level:
    percent = drive.percent or 0.0
    return "critical" if percent >= _CRITICAL_PERCENT else "warning" if percent >= _WARNING_PERCENT else "ok"


def _drives(before: Report, after: Report) -> list[Event]:
    old = {drive.path: drive for drive in before.storage or ()}
    new = {drive.path: drive for drive in after.storage or ()}
    found = []
    for path, drive in new.items():
        was = old.get(path)
        if drive.state == "disconnected" and was is not None and was.state == "ok":
            found.append(_event("storage_disconnected", "error", f"Drive {drive.name} is gone", path=path))
        elif drive.state == "ok" and was is not None and was.state == "disconnected":
            found.append(_event("storage_reconnected", "info", f"Drive {drive.name} is back", path=path))
        level, old_level = _level(drive), "ok" if was is None else _level(was)
        sentence = f"Drive {drive.name} is {drive.percent or 0:.0f} % full"
        if level == "critical" and old_level != "critical":
            found.append(_event("disk_critical", "error", sentence, path=path, percent=drive.percent))
        elif level == "warning" and old_level == "ok":
            found.append(_event("disk_warning", "warning", sentence, path=path, percent=drive.percent))
    if after.storage is not None:
        gone = (old[path] for path in old.keys() - new.keys() if old[path].state == "ok")
        found += [
            _event("storage_disconnected", "error", f"Drive {drive.name} is gone", path=drive.path)
            for drive in sorted(gone, key=lambda drive: drive.path)
        ]
    return found


def _containers(before: Report, after: Report) -> list[Event]:
    was = {item.name: item.health for item in before.containers or ()}
    return [
        _event("container_unhealthy", "warning", f"Container {item.name} is unhealthy", container=item.name)
        for item in after.containers or ()
        if item.health == "unhealthy" and was.get(item.name) != "unhealthy"
    ]


def _temperature(before: Report, after: Report) -> list[Event]:
    was = None if before.system is None else before.system.temperature_celsius
    now = None if after.system is None else after.system.temperature_celsius
    if now is None or now < HOT_CELSIUS or (was is not None and was >= HOT_CELSIUS):
        return []
    return [_event("temperature_high", "warning", f"CPU is at {now:.0f} °C", celsius=now)]


def _health(before: Report, after: Report) -> list[Event]:
    if before.health is None or after.health is None:
        return []
    was, now = before.health.status, after.health.status
    if _RANK[now] > _RANK[was]:
        sentence = (after.health.issues or after.health.warnings or ["no reason given"])[0]
        severity = "error" if now == "fail" else "warning"
        return [_event("health_degraded", severity, f"Health got worse: {sentence}", status=now)]
    if now == "ok" and was != "ok":
        return [_event("health_recovered", "info", "All checks are well again", status=now)]
    return []
