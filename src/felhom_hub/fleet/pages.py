"""The operator's pages over the whole fleet and over one customer."""

from difflib import get_close_matches
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.arrival import HubRequest
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.address import view_of
from felhom_hub.fleet.customer import customer_page, severity_of
from felhom_hub.fleet.overview import overview
from felhom_hub.fleet.strip import strip_axis, strip_start

MAX_ID_LENGTH = 128  # contract 1.1
_ALIKE = 0.75  # of 1: one or two letters differ


@require_safe
def fleet(request: HttpRequest) -> HttpResponse:
    """The overview."""
    now = cast("HubRequest", request).now
    page = overview(view_of(request.GET), now=now)
    return render(request, "fleet/overview.html", {"page": page, "view": page.view, "strip_start": strip_start(now)})


@require_safe
def customer(request: HttpRequest, customer_id: str) -> HttpResponse:
    """The page of one customer."""
    page = customer_page(
        customer_id,
        severity=severity_of(request.GET.get("severity", "")),
        now=cast("HubRequest", request).now,
        zone=settings.HUB.server.time_zone,
    )
    if page is None:
        return trouble_page(request, _unknown(customer_id))
    axis, hub_url = strip_axis(cast("HubRequest", request).now), settings.HUB.server.public_url
    return render(request, "fleet/customer.html", {"page": page, "axis": axis, "hub_url": hub_url})


def _unknown(customer_id: str) -> Trouble:
    ids = Customer.objects.order_by("customer_id").values_list("customer_id", flat=True)
    closest = get_close_matches(customer_id[:MAX_ID_LENGTH], ids, n=1, cutoff=_ALIKE)
    guess = f" Closest: {closest[0]}." if closest else ""
    return Trouble(
        HTTPStatus.NOT_FOUND,
        f"No customer with the id “{customer_id[:MAX_ID_LENGTH]}”",
        f"The id is mistyped, or the customer has been deleted.{guess}",
        "Nothing was changed.",
        "Go back to the fleet and look for it there.",
    )
