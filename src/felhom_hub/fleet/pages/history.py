"""The history of one customer at `/customers/{customer_id}/history`, and as a part of the customer's page."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from felhom_hub.base.arrival import HubRequest
from felhom_hub.base.pages import trouble_page
from felhom_hub.configs.queries import own_thresholds
from felhom_hub.fleet.history import panels_of, period_of
from felhom_hub.fleet.meters import lines_with
from felhom_hub.fleet.pages.customer import unknown_customer
from felhom_hub.fleet.rows import customer_path
from felhom_hub.fleet.samples import GAP
from felhom_hub.reports.drives import drive_history
from felhom_hub.reports.gaps import report_gaps
from felhom_hub.reports.queries import PERIODS, history, reports_by_hour
from felhom_hub.reports.summary import summary_of

PART = "history-charts"  # the element that the customer's page has replaced


@require_safe
def show_history(request: HttpRequest, customer_id: str) -> HttpResponse:
    """Four charts of a period; without the page around them where a page asks for its part."""
    now = cast("HubRequest", request).now
    summary = summary_of(customer_id, now=now)
    if summary is None:
        return trouble_page(request, unknown_customer(customer_id))
    period = period_of(request.GET.get("period", ""))
    since = now - PERIODS[period]
    panels = panels_of(
        history(summary.pk, since=since, now=now),
        report_gaps(summary.pk, since=since, longer_than=GAP),
        drive_history(summary.pk, since=since, now=now),
        reports_by_hour(summary.pk, since=since),
        period=period,
        lines=lines_with(own_thresholds([summary.pk]).get(summary.pk)),
        now=now,
    )
    is_part = request.headers.get("HX-Target") == PART
    context = {
        "summary": summary,
        "path": customer_path(customer_id),
        "panels": panels,
        "period": period,
        "period_words": f"{period[:-1]} {period[-1]}",
        "periods": [(key, f"{key[:-1]} {key[-1]}") for key in PERIODS],
        "is_part": is_part,
    }
    answer = render(request, "fleet/customer/history_charts.html" if is_part else "fleet/history.html", context)
    patch_vary_headers(answer, ["HX-Target"])
    return answer
