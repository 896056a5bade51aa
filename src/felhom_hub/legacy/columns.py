"""What the columns of a Go hub's tables mean: versions of it named them differently. Pure.

A column is recognised by its name without case and punctuation. What a column of a report or snapshot only repeats is
`copied`: it stands in the stored JSON as well. Everything else is not understood, and kept as it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_PUNCTUATION: Final = re.compile(r"[^a-z0-9]")
_CUSTOMER: Final = ("customer_id", "customer", "client_id", "node_id")
_CREATED: Final = ("created_at", "created", "timestamp", "time", "at")


@dataclass(frozen=True)
class Meaning:
    """Of one table: each field with its likely names, the likeliest first, and which fields it is nothing without."""

    fields: Mapping[str, Sequence[str]]
    required: Sequence[str] = ("customer_id",)
    copied: Sequence[str] = ()


@dataclass(frozen=True)
class Columns:
    """Of one table as it is there: column by field, and the columns that are copies or not understood."""

    by_field: Mapping[str, str]
    copied: Sequence[str]
    unknown: Sequence[str]
    missing: Sequence[str]  # required fields without a column: such a table is kept whole


MEANINGS: Final[Mapping[str, Meaning]] = {
    "customer_configs": Meaning(
        {
            "customer_id": _CUSTOMER,
            "name": ("customer_name", "name", "display_name"),
            "domain": ("domain", "customer_domain", "base_domain"),
            "email": ("email", "customer_email", "contact_email"),
            "town": ("town", "city", "location"),
            "phone": ("phone", "phone_number"),
            "note": ("note", "notes", "comment"),
            "cf_tunnel_token": ("cf_tunnel_token", "tunnel_token", "cloudflare_tunnel_token"),
            "cf_api_token": ("cf_api_token", "cloudflare_api_token", "api_token"),
            "api_key": ("api_key", "hub_api_key", "customer_api_key", "report_api_key"),
            "retrieval_password": ("retrieval_password", "retrieval_passphrase", "passphrase", "config_password"),
            "session_secret": ("session_secret", "web_session_secret"),
            "is_monitored": ("monitoring_enabled", "is_monitored", "monitoring"),
            "log_level": ("log_level", "logging_level"),
            "ping_uuids": ("ping_uuids", "ping_uuids_json", "monitoring_uuids"),
            "ping_heartbeat": ("ping_heartbeat", "heartbeat_uuid", "ping_uuid_heartbeat", "hc_heartbeat"),
            "ping_system_health": ("ping_system_health", "system_health_uuid", "ping_uuid_system_health"),
            "ping_db_dump": ("ping_db_dump", "db_dump_uuid", "ping_uuid_db_dump"),
            "ping_backup": ("ping_backup", "backup_uuid", "ping_uuid_backup"),
            "ping_integrity": ("ping_integrity", "integrity_uuid", "ping_uuid_integrity"),
            "overrides": ("overrides_yaml", "config_overrides", "yaml_overrides", "overrides", "overrides_json"),
            "status": ("status", "state"),
            "created_at": _CREATED,
            "updated_at": ("updated_at", "updated", "modified_at"),
        }
    ),
    "customer_notifications": Meaning(
        {
            "customer_id": _CUSTOMER,
            "email": ("email", "customer_email", "recipient"),
            "enabled_events": ("enabled_events", "enabled_events_json", "events", "event_types"),
            "cooldown_hours": ("cooldown_hours", "cooldown"),
            "updated_at": ("updated_at", "updated", "created_at"),
        }
    ),
    "reports": Meaning(
        {
            "customer_id": _CUSTOMER,
            "received_at": ("received_at", "received", "created_at", "reported_at", "timestamp"),
            "body": ("report_json", "full_json", "raw_json", "json", "payload", "data", "body", "report"),
        },
        required=("customer_id", "received_at", "body"),
        copied=(
            "customer_name", "name", "controller_version", "version", "health", "health_status", "status",
            "cpu_percent", "memory_percent", "mem_percent", "disk_percent", "temperature", "temperature_celsius",
            "reported_at", "timestamp", "controller_url", "config_hash", "domain", "uptime", "uptime_seconds",
            "container_count", "containers_total", "containers_running", "last_backup", "last_backup_at",
            "backup_status", "hostname", "monitoring_paused",
        ),
    ),
    "events": Meaning(
        {
            "customer_id": _CUSTOMER,
            "event_type": ("event_type", "type"),
            "severity": ("severity", "level"),
            "message": ("message", "text"),
            "details_json": ("details_json", "details"),
            "source": ("source",),
            "created_at": _CREATED,
        },
        required=("customer_id", "event_type", "created_at"),
    ),
    "notification_log": Meaning(
        {
            "customer_id": _CUSTOMER,
            "event_type": ("event_type", "type"),
            "audience": ("channel", "audience"),
            "recipient": ("recipient", "email", "to_email", "sent_to"),
            "result": ("status", "result", "state", "outcome"),
            "reason": ("error", "error_message", "reason", "detail", "details", "skip_reason"),
            "answer": ("provider_id", "resend_id", "message_id", "response"),
            "at": ("sent_at", "created_at", "timestamp", "at"),
        },
        required=("customer_id", "event_type", "at"),
    ),
    "infra_backup_versions": Meaning(
        {
            "customer_id": _CUSTOMER,
            "received_at": ("received_at", "created_at", "updated_at", "timestamp"),
            "body": ("backup_json", "payload", "data", "json", "snapshot", "body", "content", "backup"),
        },
        required=("customer_id", "received_at", "body"),
        copied=("version", "sha256", "hash", "size", "size_bytes"),
    ),
    "infra_backups": Meaning(
        {
            "customer_id": _CUSTOMER,
            "received_at": ("updated_at", "received_at", "created_at", "timestamp"),
            "body": ("backup_json", "payload", "data", "json", "snapshot", "body", "content", "backup"),
        },
        required=("customer_id", "received_at", "body"),
        copied=("version", "sha256", "hash", "size", "size_bytes", "created_at"),
    ),
    "app_telemetry": Meaning(
        {
            "customer_id": _CUSTOMER,
            "app_name": ("app_name", "app", "name"),
            "display_name": ("display_name", "title"),
            "memory_current_mb": ("memory_current_mb", "mem_current_mb", "memory_mb"),
            "memory_avg_mb": ("memory_avg_mb", "mem_avg_mb", "avg_memory_mb"),
            "memory_peak_mb": ("memory_peak_mb", "mem_peak_mb", "peak_memory_mb"),
            "cpu_avg_percent": ("cpu_avg_percent", "cpu_percent", "avg_cpu_percent"),
            "catalog_memory_request_mb": ("catalog_memory_request_mb", "catalog_mem_request_mb", "mem_request"),
            "catalog_memory_limit_mb": ("catalog_memory_limit_mb", "catalog_mem_limit_mb", "mem_limit"),
            "log_errors_24h": ("log_errors_24h", "log_error_count", "error_count"),
            "log_warnings_24h": ("log_warnings_24h", "log_warning_count", "warning_count"),
            "at": ("reported_at", "recorded_at", "received_at", "created_at", "timestamp"),
        },
        required=("customer_id", "app_name", "at"),
        copied=("received_at", "created_at", "container_count", "controller_version"),
    ),
    "app_log_issues": Meaning(
        {
            "customer_id": _CUSTOMER,
            "app_name": ("app_name", "app", "name"),
            "container_name": ("container_name", "container"),
            "fingerprint": ("fingerprint", "hash"),
            "severity": ("severity", "level"),
            "message": ("message", "text", "sample"),
            "count": ("count", "occurrences", "occurrence_count"),
            "first_seen": ("first_seen", "first_seen_at", "created_at"),
            "last_seen": ("last_seen", "last_seen_at", "updated_at", "created_at"),
        },
        required=("customer_id", "app_name", "last_seen"),
    ),
}  # fmt: skip


def columns_of(meaning: Meaning, present: Sequence[str]) -> Columns:
    """Which of the present columns has which field; a column has one field, a row's own number none."""
    by_name = {_plain(name): name for name in present}
    taken: dict[str, str] = {}
    for field, names in meaning.fields.items():
        found = next(
            (by_name[_plain(name)] for name in names if by_name.get(_plain(name)) not in {None, *taken.values()}), None
        )
        if found is not None:
            taken[field] = found
    copies = {_plain(name) for name in (*meaning.copied, "id")}
    rest = [name for name in present if name not in taken.values()]
    return Columns(
        by_field=taken,
        copied=[name for name in rest if _plain(name) in copies],
        unknown=[name for name in rest if _plain(name) not in copies],
        missing=[field for field in meaning.required if field not in taken],
    )


def _plain(name: str) -> str:
    return _PUNCTUATION.sub("", name.lower())
