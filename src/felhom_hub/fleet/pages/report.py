"""The newest report of a customer as it came, at `/customers/{customer_id}/report` and as a download beside it."""

from datetime import UTC
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.arrival import HubRequest
from felhom_hub.base.pages import NOT_FOUND, trouble_page
from felhom_hub.fleet.pages.customer import unknown_customer
from felhom_hub.fleet.raw_report import raw_report
from felhom_hub.reports.queries import newest_report
from felhom_hub.reports.summary import summary_of


@require_safe
def show_report(request: HttpRequest, customer_id: str) -> HttpResponse:
    """The report laid out to be read."""
    summary = summary_of(customer_id, now=cast("HubRequest", request).now)
    if summary is None:
        return trouble_page(request, unknown_customer(customer_id))
    newest = newest_report(summary.pk)
    report = None if newest is None else raw_report(*newest)
    return render(request, "fleet/report.html", {"summary": summary, "report": report})


@require_safe
def download_report(request: HttpRequest, customer_id: str) -> HttpResponse:
    """The report's own bytes."""
    summary = summary_of(customer_id, now=cast("HubRequest", request).now)
    newest = None if summary is None else newest_report(summary.pk)
    if newest is None:
        return trouble_page(request, unknown_customer(customer_id) if summary is None else NOT_FOUND)
    body, received_at = newest
    response = HttpResponse(body, content_type="application/json")
    name = f"report-{customer_id}-{received_at.astimezone(UTC):%Y%m%dT%H%M%SZ}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
