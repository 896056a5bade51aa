"""The read API (contract 6): customers, one customer with its newest report, its history."""

import re
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from felhom_hub.base.endpoint import json_endpoint, json_response
from felhom_hub.base.errors import Impossible, NotFound
from felhom_hub.base.instants import rfc3339, utc_now
from felhom_hub.customers.auth import CustomerCaller, require_customer
from felhom_hub.customers.bearer import bearer_of
from felhom_hub.customers.identity import CUSTOMER_ID
from felhom_hub.reports.config_sync import ConfigSync, told_outside
from felhom_hub.reports.queries import MEASURES, PERIODS, Point, customers_page, history, newest_report
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import Summary, summary_of

DEFAULT_LIMIT, MAX_LIMIT = 100, 1000


@json_endpoint("GET")
def customers(request: HttpRequest) -> HttpResponse:
    """A page of summaries; a customer's own key sees itself only."""
    caller = bearer_of(request)
    now = utc_now()
    limit, status = _limit(request.GET.get("limit")), _status(request.GET.get("status"))
    if isinstance(caller, CustomerCaller):
        own = summary_of(caller.customer_id, now=now)
        found, following = [own] if own is not None and status in (None, own.verdict.status) else [], None
    else:
        search, after = request.GET.get("q", ""), _cursor(request.GET.get("cursor", ""))
        found, following = customers_page(now=now, limit=limit, after=after, status=status, search=search)
    listed = [summary_document(summary, age_at=now) for summary in found]
    return json_response({"ok": True, "customers": listed, "next": following})


@json_endpoint("GET")
def customer(request: HttpRequest, customer_id: str) -> HttpResponse:
    """One summary, and the newest report as it came."""
    summary = _readable(request, customer_id)
    newest = newest_report(summary.pk)
    document: dict[str, Any] = {"ok": True, "customer": summary_document(summary, age_at=utc_now())}
    document["report"] = None if newest is None else msgspec.Raw(newest[0])
    document["received_at"] = None if newest is None else rfc3339(newest[1])
    return json_response(document)


@json_endpoint("GET")
def customer_history(request: HttpRequest, customer_id: str) -> HttpResponse:
    """The points of a period."""
    summary = _readable(request, customer_id)
    period = request.GET.get("period", "7d")
    if period not in PERIODS:
        raise Impossible(f"period must be one of {', '.join(PERIODS)}")
    now = utc_now()
    points = history(summary.pk, since=now - PERIODS[period], now=now)
    return json_response({"ok": True, "period": period, "points": [_point_document(point) for point in points]})


def summary_document(summary: Summary, *, age_at: Any) -> dict[str, Any]:
    """The summary as the API writes it."""
    node = summary.node
    return {
        "customer_id": summary.customer_id,
        "customer_name": summary.name,
        "status": summary.verdict.status,
        "status_reason": summary.verdict.reason or None,
        "config_type": "managed" if summary.is_managed else "manual",
        "blocked": summary.blocked_at is not None,
        "last_report_at": rfc3339(node.last_received_at) if node else None,
        "report_age_seconds": max(0, round((age_at - node.last_received_at).total_seconds())) if node else None,
        "controller_version": node.controller_version if node else None,
        "controller_url": node.controller_url if node else None,
        "health": node.health if node else None,
        "cpu_percent": node.cpu_percent if node else None,
        "memory_percent": node.memory_percent if node else None,
        "disk_percent": node.disk_percent if node else None,
        "temperature_celsius": node.temperature_celsius if node else None,
        "config_sync": told_outside(node.config_sync) if node else ConfigSync.UNKNOWN,
        "events_24h": {"error": summary.errors_24h, "warning": summary.warnings_24h},
        "last_backup_at": rfc3339(node.last_backup_at) if node else None,
    }


def _readable(request: HttpRequest, customer_id: str) -> Summary:
    """The customer of the path, if the caller may read it; the key is checked before anything is looked up."""
    require_customer(bearer_of(request), customer_id)
    summary = summary_of(customer_id, now=utc_now())
    if summary is None:
        raise NotFound("There is no customer with this id")
    return summary


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII) or not 1 <= int(text) <= MAX_LIMIT:
        raise Impossible(f"limit must be a number from 1 to {MAX_LIMIT}")
    return int(text)


def _cursor(text: str) -> str:
    if text and not CUSTOMER_ID.fullmatch(text):
        raise Impossible("cursor must be the `next` of the page before")
    return text


def _status(text: str | None) -> Status | None:
    if text is None:
        return None
    try:
        return Status(text.upper())
    except ValueError:
        raise Impossible(f"status must be one of {', '.join(Status)}") from None


def _point_document(point: Point) -> dict[str, Any]:
    document: dict[str, Any] = {
        "received_at": rfc3339(point.received_at),
        "health": point.health,
        **point.values,
        "controller_version": point.controller_version,
    }
    if point.lowest is not None and point.highest is not None:
        document["reports"] = point.reports
        for measure in MEASURES:
            document[f"{measure}_min"], document[f"{measure}_max"] = point.lowest[measure], point.highest[measure]
    return document
