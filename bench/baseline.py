"""The baseline of `ingest`: an ordinary Django view that stores a report in one transaction, by the ORM.

It stores what the hub stores, in the hub's own tables, but for the apps' telemetry, which gets a row an app and
report. It is spared what costs the hub time and a plain view would not do: reading other wordings than today's,
recognising repeated and late reports, and keeping the strip of arrivals.
"""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from felhom_hub.base.fields import InstantField
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.customers.models import Customer
from felhom_hub.reports.arrivals import to_bytes, with_arrival
from felhom_hub.reports.body import digest_of, pack
from felhom_hub.reports.models import NodeState, Report
from felhom_hub.telemetry.models import LogIssue


class AppUsage(models.Model):
    """What one app used, as one report says."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = InstantField()
    app_name = models.CharField(max_length=200)
    display_name = models.CharField(max_length=200)
    memory_avg_mb = models.FloatField(null=True)
    memory_peak_mb = models.FloatField(null=True)
    cpu_avg_percent = models.FloatField(null=True)
    memory_request_mb = models.FloatField(null=True)
    memory_limit_mb = models.FloatField(null=True)
    log_errors_24h = models.IntegerField(null=True)
    log_warnings_24h = models.IntegerField(null=True)

    objects: models.Manager["AppUsage"] = models.Manager()

    class Meta:
        app_label = "bench"
        indexes = [models.Index(fields=("customer", "app_name", "at"), name="usage_of_app")]

    def __str__(self) -> str:
        return f"{self.app_name} of {self.customer}"


@csrf_exempt
@require_POST
def report(request: HttpRequest) -> JsonResponse:
    """Answers after the commit, as the hub does."""
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.HUB.api.report_api_key}"):
        return JsonResponse({"ok": False, "error": "This key is nobody's"}, status=401)
    body, received_at = request.body, timezone.now()
    document = json.loads(body)
    with transaction.atomic():
        customer, _ = Customer.objects.get_or_create(
            customer_id=document["customer_id"],
            defaults={"name": document["customer_name"], "created_at": received_at},
        )
        store_report(customer, document, body, received_at)
        store_telemetry(customer, document)
    return JsonResponse({"ok": True, **({"customer_blocked": True} if customer.blocked_at else {})})


def store_report(customer: Customer, document: dict[str, Any], body: bytes, received_at: datetime) -> None:
    """The report's own row, and the node's newest state."""
    system, reported_at, digest = document["system"], datetime.fromisoformat(document["timestamp"]), digest_of(body)
    fullest = max((drive for drive in document["storage"] if drive["mounted"]), key=lambda drive: drive["percent"])
    shown = {
        "reported_at": reported_at,
        "position_at": reported_at,
        "health": document["health"]["status"],
        "cpu_percent": system["cpu_percent"],
        "memory_percent": system["memory_percent"],
        "disk_percent": fullest["percent"],
        "temperature_celsius": system["temperature_celsius"],
        "controller_version": document["controller_version"],
    }
    Report.objects.create(customer=customer, received_at=received_at, digest=digest, body=pack(body), **shown)
    arrivals = with_arrival(None, to_milliseconds(received_at))
    node = {
        **shown,
        **_backup(document["backup"]),
        "last_received_at": received_at,
        "arrivals": to_bytes(arrivals),
        "arrivals_cell": arrivals.newest_cell,
        "latest_digest": digest,
        "clock_skew_seconds": (reported_at - received_at).total_seconds(),
        "reported_name": document["customer_name"],
        "controller_url": document["controller_url"],
        "config_hash": document["config_hash"],
        "monitoring_paused": document["monitoring_paused"],
        "health_messages": json.dumps(document["health"]["issues"] + document["health"]["warnings"]),
        "disk_name": fullest["name"],
        "uptime_seconds": system["uptime_seconds"],
    }
    first = {"first_received_at": received_at, "health_since_at": reported_at}
    NodeState.objects.update_or_create(customer=customer, defaults=node, create_defaults={**node, **first})


def _backup(backup: dict[str, Any]) -> dict[str, Any]:
    return {
        "last_backup_at": _instant(backup.get("last_backup_at")),
        "last_backup_ok": backup.get("last_backup_ok"),
        "last_db_dump_at": _instant(backup.get("last_db_dump_at")),
        "last_db_dump_ok": backup.get("last_db_dump_ok"),
    }


def store_telemetry(customer: Customer, document: dict[str, Any]) -> None:
    """A row for each app, and the log issues' newest counts."""
    at = datetime.fromisoformat(document["timestamp"])
    AppUsage.objects.bulk_create(
        AppUsage(
            customer=customer,
            at=at,
            app_name=app["app_name"],
            display_name=app["display_name"],
            memory_avg_mb=app["memory_avg_mb"],
            memory_peak_mb=app["memory_peak_mb"],
            cpu_avg_percent=app["cpu_avg_percent"],
            memory_request_mb=app.get("catalog_memory_request_mb"),
            memory_limit_mb=app.get("catalog_memory_limit_mb"),
            log_errors_24h=app.get("log_errors_24h"),
            log_warnings_24h=app.get("log_warnings_24h"),
        )
        for app in document["app_telemetry"]
    )
    LogIssue.objects.bulk_create(
        (_issue(customer, app, issue) for app in document["app_telemetry"] for issue in app.get("top_issues", ())),
        update_conflicts=True,
        unique_fields=("customer", "app_name", "container_name", "fingerprint"),
        update_fields=("severity", "message", "count", "last_seen_at"),
    )


def _issue(customer: Customer, app: dict[str, Any], issue: dict[str, Any]) -> LogIssue:
    return LogIssue(
        customer=customer,
        app_name=app["app_name"],
        container_name=issue["container_name"],
        fingerprint=issue["fingerprint"],
        severity=issue["severity"],
        message=issue["message"],
        count=issue["count"],
        first_seen_at=datetime.fromisoformat(issue["first_seen"]),
        last_seen_at=datetime.fromisoformat(issue["last_seen"]),
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


urlpatterns = [path("api/v1/report", report)]
