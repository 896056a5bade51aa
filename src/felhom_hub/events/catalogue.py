"""The event catalogue: the one table of the event types that the hub knows.

To add a type, add one entry. Pure; the texts for people come with the notifications, which read the same table.
"""

import re
from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")

# Any other type of this form is accepted from a controller, and shown as uncatalogued: a controller never sends a
# refused event again, so refusing a new kind would lose it (contract 3).
TYPE_FORM = re.compile(r"[a-z][a-z0-9_]{2,63}", re.ASCII)
HUB_PREFIXES = ("node_", "host_", "expected_", "recovery_", "hub_")


@dataclass(frozen=True)
class EventType:
    """One kind of event; `default_severity` counts where the sender names none."""

    name: str
    default_severity: Severity
    category: str
    from_controller: bool
    label: str


def _hub(name: str, severity: Severity, category: str, label: str) -> EventType:
    return EventType(name, severity, category, from_controller=False, label=label)


def _box(name: str, severity: Severity, category: str, label: str) -> EventType:
    return EventType(name, severity, category, from_controller=True, label=label)


CATALOGUE: dict[str, EventType] = {
    entry.name: entry
    for entry in (
        _hub("node_stale", "warning", "node", "Reports are late"),
        _hub("node_down", "error", "node", "Node is silent"),
        _hub("node_recovered", "info", "node", "Node reports again"),
        _hub("expected_backup_missed", "warning", "backup", "Backup missed"),
        _hub("expected_dbdump_missed", "warning", "backup", "Database dump missed"),
        _box("backup_completed", "info", "backup", "Backup completed"),
        _box("backup_failed", "error", "backup", "Backup failed"),
        _box("db_dump_completed", "info", "backup", "Database dump completed"),
        _box("db_dump_failed", "error", "backup", "Database dump failed"),
        _box("integrity_check_ok", "info", "backup", "Integrity check passed"),
        _box("integrity_check_failed", "error", "backup", "Integrity check failed"),
        _box("crossdrive_backup_completed", "info", "backup", "Second-drive backup completed"),
        _box("crossdrive_backup_failed", "error", "backup", "Second-drive backup failed"),
        _box("disk_warning", "warning", "storage", "Drive is filling up"),
        _box("disk_critical", "error", "storage", "Drive is nearly full"),
        _box("storage_disconnected", "error", "storage", "Drive disconnected"),
        _box("storage_reconnected", "info", "storage", "Drive connected again"),
        _box("health_degraded", "warning", "health", "Health degraded"),
        _box("health_recovered", "info", "health", "Health recovered"),
        _box("temperature_high", "warning", "health", "Temperature is high"),
        _box("container_unhealthy", "warning", "app", "Container unhealthy"),
        _box("app_deployed", "info", "app", "App deployed"),
        _box("app_removed", "info", "app", "App removed"),
        _box("update_available", "info", "update", "Update available"),
        _box("update_completed", "info", "update", "Update completed"),
        _box("update_failed", "error", "update", "Update failed"),
        _box("test", "info", "test", "Test"),
    )
}


def is_of_the_hub(event_type: str) -> bool:
    """True for types that only the hub itself may record."""
    known = CATALOGUE.get(event_type)
    return event_type.startswith(HUB_PREFIXES) or (known is not None and not known.from_controller)


def label_of(event_type: str) -> str:
    """How the type is shown; an uncatalogued one by its own name."""
    known = CATALOGUE.get(event_type)
    return known.label if known else event_type.replace("_", " ").capitalize()
