"""The bodies that the description shows; the tests send them to a real hub. Pure."""

import json
from hashlib import sha256
from typing import Any

BOUNCE: dict[str, Any] = {
    "type": "email.bounced",
    "created_at": "2026-02-25T08:15:00.000Z",
    "data": {
        "email_id": "56761188-7520-42d8-8898-ff6fc54ce618",
        "to": ["anna@example.hu"],
        "bounce": {"type": "Permanent", "subType": "NoEmail", "message": "The mailbox does not exist."},
    },
}
REPORT: dict[str, Any] = {
    "version": 1,
    "customer_id": "kovacs-peter",
    "customer_name": "Kovács Péter",
    "controller_version": "v0.30.0",
    "controller_url": "https://felhom.kovacs.example.hu",
    "timestamp": "2026-02-25T08:15:00.123456789+01:00",
    "monitoring_paused": False,
    "health": {"status": "warn", "issues": [], "warnings": ["The data drive is nearly full"]},
    "system": {
        "hostname": "felhom",
        "os": "Debian GNU/Linux 12",
        "cpu_percent": 7.5,
        "load_1": 0.4,
        "memory_percent": 61.2,
        "temperature_celsius": 48.0,
        "uptime_seconds": 864000,
    },
    "storage": [
        {"name": "Rendszer", "path": "/", "total_gb": 238.0, "used_gb": 97.6, "percent": 41.0, "mounted": True},
        {"name": "Adat", "path": "/mnt/data", "percent": 91.0, "mounted": True, "role": "data", "state": "ok"},
    ],
    "containers": [{"name": "immich-server", "stack": "immich", "state": "running", "health": "healthy"}],
    "stacks": [{"name": "immich", "display_name": "Immich", "state": "running"}],
    "backup": {"last_backup_at": "2026-02-25T02:10:00Z", "last_backup_ok": True},
    "app_telemetry": [
        {"app_name": "immich", "memory_current_mb": 812.0, "memory_avg_mb": 790.4, "memory_peak_mb": 1100.9}
    ],
}
STORED = {"ok": True}

EVENT: dict[str, Any] = {
    "customer_id": "kovacs-peter",
    "event_type": "backup_failed",
    "severity": "error",
    "message": "The repository is locked",
    "details": {"exit_code": 11},
    "source": "controller",
}

PREFERENCES: dict[str, Any] = {
    "customer_id": "kovacs-peter",
    "email": "peter@kovacs.example.hu",
    "enabled_events": ["backup_failed", "disk_critical", "node_down"],
    "cooldown_hours": 6,
}

# Of a customer who has told no address.
NOTICE: dict[str, Any] = {
    "customer_id": "nagy-anna",
    "event_type": "disk_warning",
    "message": "The data drive is 91 % full",
}
SKIPPED = {"ok": True, "skipped": "no email configured"}

SUMMARY: dict[str, Any] = {
    "customer_id": "kovacs-peter",
    "customer_name": "Kovács Péter",
    "status": "WARN",
    "status_reason": "Health warning: The data drive is nearly full",
    "config_type": "manual",
    "blocked": False,
    "last_report_at": "2026-02-25T07:15:00.412Z",
    "report_age_seconds": 312,
    "controller_version": "v0.30.0",
    "controller_url": "https://felhom.kovacs.example.hu",
    "health": "warn",
    "cpu_percent": 7.5,
    "memory_percent": 61.2,
    "disk_percent": 91.0,
    "temperature_celsius": 48.0,
    "config_sync": "in sync",
    "events_24h": {"error": 1, "warning": 0},
    "last_backup_at": "2026-02-25T02:10:00.000Z",
}
CUSTOMERS = {"ok": True, "customers": [SUMMARY], "next": None}
CUSTOMER = {
    "ok": True,
    "customer": SUMMARY,
    "report": {"version": 1, "customer_id": "kovacs-peter", "health": {"status": "warn"}},
    "received_at": "2026-02-25T07:15:00.412Z",
}

POINT: dict[str, Any] = {
    "received_at": "2026-02-25T07:15:00.412Z",
    "health": "warn",
    "cpu_percent": 7.5,
    "memory_percent": 61.2,
    "disk_percent": 91.0,
    "temperature_celsius": 48.0,
    "clock_skew_seconds": -0.289,
    "controller_version": "v0.30.0",
}
HISTORY = {"ok": True, "period": "24h", "points": [POINT]}

METRICS = """\
# HELP felhom_hub_intake_answers_total Answers of the intake, by path and status.
# TYPE felhom_hub_intake_answers_total counter
felhom_hub_intake_answers_total{path="/api/v1/report",status="200"} 4211.0
"""

CONTROLLER_YAML = """\
customer:
  id: kovacs-peter
  name: Kovács Péter
hub:
  enabled: true
  url: https://hub.example.org
  api_key: fh_…
"""

INFRA_BACKUP: dict[str, Any] = {
    "customer_id": "kovacs-peter",
    "controller_yaml": "Y3VzdG9tZXI6CiAgaWQ6IGtvdmFjcy1wZXRlcgo=",
    "settings_json": "e30=",
    "disk_layout": [
        {"name": "Adat", "path": "/mnt/data", "fstype": "ext4", "uuid": "0f8d1f5e-3c1b-4c56-9d5e-5d8a2b7f1a10"}
    ],
    "stacks": [{"name": "immich", "display_name": "Immich", "version": "1.120.0"}],
    "restic_passwords": {"local": "…"},
}
# Of the example as the tests send it: json.dumps() of it in UTF-8.
INFRA_BACKUP_STORED = {"ok": True, "version": 1, "sha256": sha256(json.dumps(INFRA_BACKUP).encode()).hexdigest()}
RECOVERY: dict[str, Any] = {
    "customer_id": "kovacs-peter",
    "config_yaml": CONTROLLER_YAML,
    "infra_backup": INFRA_BACKUP,
    "has_infra_backup": True,
}
