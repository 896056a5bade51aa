"""Builders with plain defaults; a test writes out every value that it depends on."""

import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from felhom_hub.base.db import Db
from felhom_hub.base.instants import rfc3339
from felhom_hub.customers.auth import digest_of as key_digest_of
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.events.payload import EventFacts
from felhom_hub.events.record import IncomingEvent, record_events
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.record import incoming_report, record_reports
from felhom_hub.reports.state import Incoming

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
GLOBAL_KEY: str = settings.HUB.api.report_api_key


def report_document(**members: Any) -> dict[str, Any]:
    """A report in the contract's canonical form, with `members` in place of its own top-level ones."""
    return {
        "version": 1,
        "customer_id": "kovacs-peter",
        "customer_name": "Kovács Péter",
        "controller_version": "v0.30.0",
        "controller_url": "https://felhom.kovacs.example.hu",
        "timestamp": rfc3339(NOW),
        "config_hash": "0" * 64,
        "monitoring_paused": False,
        "health": {"status": "ok", "issues": [], "warnings": []},
        "system": {
            "cpu_percent": 7.5,
            "memory_percent": 61.2,
            "temperature_celsius": 48.0,
            "disk_percent": 40.0,
            "uptime_seconds": 864000,
        },
        "storage": [{"name": "Rendszer", "path": "/", "percent": 41.0, "mounted": True, "state": "ok"}],
        "backup": {
            "last_backup_at": "2026-11-23T02:00:00Z",
            "last_backup_ok": True,
            "last_db_dump_at": "2026-11-23T03:00:00Z",
            "last_db_dump_ok": True,
        },
        "app_telemetry": [app_entry()],
        **members,
    }


def app_entry(**members: Any) -> dict[str, Any]:
    """One app of a report's telemetry, likewise."""
    return {
        "app_name": "immich",
        "display_name": "Immich",
        "memory_current_mb": 812.0,
        "memory_avg_mb": 790.4,
        "memory_peak_mb": 1100.9,
        "cpu_avg_percent": 2.4,
        "catalog_memory_request_mb": 1024,
        "catalog_memory_limit_mb": 2048,
        "log_errors_24h": 3,
        "log_warnings_24h": 11,
        "top_issues": [],
        **members,
    }


def report_body(**members: Any) -> bytes:
    """The report as it comes over the wire."""
    return json.dumps(report_document(**members), ensure_ascii=False).encode()


def incoming(
    customer_id: str = "kovacs-peter", *, received_at: datetime = NOW, key_digest: str | None = None, **members: Any
) -> Incoming:
    """A report on its way into the database; where no timestamp is given it was made when it was received."""
    body = report_body(customer_id=customer_id, **{"timestamp": rfc3339(received_at), **members})
    return incoming_report(body, received_at, key_digest=key_digest)


def record(reports: Iterable[Incoming]) -> list[Any]:
    """The reports are committed together; each one's result."""
    with transaction.atomic():
        return record_reports(Db(), list(reports))


def incoming_event(
    customer_id: str = "kovacs-peter",
    *,
    event_type: str = "backup_failed",
    severity: Any = "error",
    message: str = "restic: exit status 1",
    details_json: str = "",
    received_at: datetime = NOW,
    key_digest: str | None = None,
) -> IncomingEvent:
    """An event on its way into the database."""
    facts = EventFacts(customer_id, event_type, severity, message, details_json, "controller")
    return IncomingEvent(facts, received_at, key_digest)


def record_all_events(events: Iterable[IncomingEvent]) -> list[Any]:
    """The events are committed together; each one's result."""
    with transaction.atomic():
        return record_events(Db(), list(events))


def make_customer(customer_id: str = "kovacs-peter", **columns: Any) -> Customer:
    """A stored customer."""
    return Customer.objects.create(customer_id=customer_id, **{"created_at": NOW, **columns})


def make_node(customer: Customer, *, last_received_at: datetime = NOW, **columns: Any) -> NodeState:
    """The newest state of a customer that reported once, and nothing but that it is there."""
    return NodeState.objects.create(
        customer=customer,
        **{
            "first_received_at": last_received_at,
            "last_received_at": last_received_at,
            "arrivals": (1).to_bytes(39, "little"),
            "arrivals_cell": int(last_received_at.timestamp()) // 300,
            "position_at": last_received_at,
            "latest_digest": 1,
            **columns,
        },
    )


def make_api_key(customer: Customer, key: str = "") -> str:
    """A key of the customer's own, as its controller sends it; it cannot be shown again (its envelope is empty)."""
    key = key or secrets.token_urlsafe(32)
    Credential.objects.create(
        customer=customer, kind=Credential.Kind.API_KEY, digest=key_digest_of(key), created_at=NOW
    )
    return key
