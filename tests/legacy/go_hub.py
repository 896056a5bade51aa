"""Builds databases as Go hubs of several versions left them, with column names that vary as theirs did."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.build import NOW, report_body

from felhom_hub.base.instants import rfc3339

PLAIN = "%Y-%m-%d %H:%M:%S"
API_KEY, PASSPHRASE = "0123456789abcdef0123456789abcdef", "alma-kerék-madár-felhő"
OVERRIDES = "# since the move\nassets:\n  sync_enabled: true\n"


def go_text(at: datetime) -> str:
    """The time as Go prints one."""
    return f"{at.strftime(PLAIN)}.123 +0000 UTC"


@dataclass(frozen=True)
class Version:
    """One version of the Go hub: its tables with their columns, as CREATE TABLE has them."""

    name: str
    tables: Mapping[str, Sequence[str]]
    time: Any = lambda at: at.strftime(PLAIN)
    columns: Mapping[str, str] = field(default_factory=dict)  # "table.usual name" → this version's name

    def column(self, table: str, usual: str) -> str:
        return self.columns.get(f"{table}.{usual}", usual)


_REPORTS = ("id INTEGER PRIMARY KEY AUTOINCREMENT", "customer_id TEXT", "received_at DATETIME", "report_json TEXT")
_EVENTS = (
    "id INTEGER PRIMARY KEY", "customer_id TEXT", "event_type TEXT", "severity TEXT", "message TEXT",
    "details_json TEXT", "source TEXT", "created_at DATETIME",
)  # fmt: skip
_CONFIGS = (
    "customer_id TEXT PRIMARY KEY", "customer_name TEXT", "domain TEXT", "email TEXT", "cf_tunnel_token TEXT",
    "cf_api_token TEXT", "api_key TEXT", "retrieval_password TEXT", "overrides_yaml TEXT", "created_at DATETIME",
    "updated_at DATETIME",
)  # fmt: skip

FIRST = Version(
    "v0.1.0",
    {
        "reports": (*_REPORTS, "health TEXT", "cpu_percent REAL"),
        "infra_backups": ("customer_id TEXT PRIMARY KEY", "backup_json TEXT", "updated_at DATETIME"),
        "customer_notifications": ("customer_id TEXT PRIMARY KEY", "email TEXT", "enabled_events TEXT"),
        "notification_log": ("id INTEGER PRIMARY KEY", "customer_id TEXT", "event_type TEXT", "email TEXT",
                             "status TEXT", "error TEXT", "sent_at DATETIME"),
    },
)  # fmt: skip
WITH_CONFIGS = Version(
    "v0.3.8",
    {
        **FIRST.tables,
        "reports": ("id INTEGER PRIMARY KEY", "CustomerID TEXT", "CreatedAt TEXT", "payload BLOB", "hostname TEXT"),
        "customer_configs": (*_CONFIGS, "hc_heartbeat TEXT", "monitoring_enabled INTEGER", "reseller TEXT"),
        "customer_notifications": (*FIRST.tables["customer_notifications"], "cooldown_hours INTEGER DEFAULT 6"),
    },
    time=rfc3339,
    columns={"reports.customer_id": "CustomerID", "reports.received_at": "CreatedAt", "reports.report_json": "payload"},
)
LAST = Version(
    "v0.5.0",
    {
        "reports": _REPORTS,
        "events": _EVENTS,
        "customer_configs": (*_CONFIGS, "status TEXT DEFAULT 'active'", "ping_uuids TEXT"),
        "customer_notifications": WITH_CONFIGS.tables["customer_notifications"],
        "notification_log": (*FIRST.tables["notification_log"], "channel TEXT DEFAULT 'customer'"),
        "infra_backups": FIRST.tables["infra_backups"],
        "infra_backup_versions": ("id INTEGER PRIMARY KEY", "customer_id TEXT", "version INTEGER", "payload TEXT",
                                  "created_at DATETIME"),
        "app_telemetry": ("id INTEGER PRIMARY KEY", "customer_id TEXT", "app_name TEXT", "mem_avg_mb REAL",
                          "mem_peak_mb REAL", "reported_at DATETIME"),
        "app_log_issues": ("id INTEGER PRIMARY KEY", "customer_id TEXT", "app_name TEXT", "fingerprint TEXT",
                           "severity TEXT", "message TEXT", "occurrences INTEGER", "first_seen DATETIME",
                           "last_seen DATETIME"),
        "schema_notes": ("note TEXT",),
    },
    time=go_text,
    columns={"infra_backup_versions.backup_json": "payload"},
)  # fmt: skip
VERSIONS = (FIRST, WITH_CONFIGS, LAST)


class GoHub:
    """A database of one version, which rows are put into by their usual column names."""

    def __init__(self, path: Path, version: Version) -> None:
        self.path, self.version = path, version
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            for table, columns in version.tables.items():
                connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
            connection.commit()

    def put(self, table: str, *rows: Mapping[str, Any]) -> None:
        """The rows, as far as the version has the table; a datetime is written as the version does."""
        if table not in self.version.tables:
            return
        with closing(sqlite3.connect(self.path)) as connection:
            for row in rows:
                values = {
                    self.version.column(table, name): self.version.time(value) if isinstance(value, datetime) else value
                    for name, value in row.items()
                }
                names, marks = ", ".join(values), ", ".join("?" * len(values))
                connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))  # noqa: S608
            connection.commit()

    def run(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()


def a_report(customer_id: str, at: datetime, **members: Any) -> dict[str, Any]:
    body = report_body(customer_id=customer_id, timestamp=rfc3339(at), **members).decode()
    return {"customer_id": customer_id, "received_at": at, "report_json": body}


def a_config(customer_id: str = "kovacs-peter", **columns: Any) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "customer_name": "Kovács Péter",
        "domain": "kovacs.example.hu",
        "email": "peter@kovacs.example.hu",
        "cf_tunnel_token": "t" * 40,
        "cf_api_token": "",
        "api_key": API_KEY,
        "retrieval_password": PASSPHRASE,
        "overrides_yaml": OVERRIDES,
        "created_at": NOW - timedelta(days=400),
        "updated_at": NOW - timedelta(days=2),
        **columns,
    }


def an_event(customer_id: str, at: datetime, event_type: str = "backup_completed", **columns: Any) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "event_type": event_type,
        "severity": "info",
        "message": "restic: done",
        "details_json": '{"snapshot":"a1"}',
        "source": "controller",
        "created_at": at,
        **columns,
    }


def snapshot_text(customer_id: str, number: int) -> str:
    return json.dumps(
        {"customer_id": customer_id, "controller_yaml": "Y3VzdG9tZXI6", "stacks": [{"name": f"app-{number}"}]}
    )


def times(count: int, *, every: timedelta = timedelta(minutes=15), until: datetime = NOW) -> Iterable[datetime]:
    """So many times, the last one `until`."""
    return (until - every * back for back in range(count - 1, -1, -1))
