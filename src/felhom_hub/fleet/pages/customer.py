"""The page of one customer at `/customers/{customer_id}`."""

from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.arrival import HubRequest
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.tolerant import as_line
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.badges import navigation_badges
from felhom_hub.fleet.customer import customer_page
from felhom_hub.fleet.event_list import view_of
from felhom_hub.fleet.matching import nearest
from felhom_hub.fleet.rows import customer_path
from felhom_hub.fleet.strip import strip_axis

MAX_ID_LENGTH = 128  # contract 1.1


@require_safe
def show_customer(request: HttpRequest, customer_id: str) -> HttpResponse:
    """The page of one customer."""
    hub_url = settings.HUB.server.public_url
    page = customer_page(
        customer_id,
        view=view_of(request.GET.dict()),
        now=cast("HubRequest", request).now,
        zone=settings.HUB.server.time_zone,
        hub_url=hub_url,
        drill_every=settings.HUB.recovery.drill_every,
    )
    if page is None:
        return trouble_page(request, unknown_customer(customer_id))
    axis = strip_axis(cast("HubRequest", request).now)
    badges = navigation_badges(incidents=page.untaken_incidents)
    values = {"page": page, "axis": axis, "hub_url": hub_url, "badges": badges}
    return render(request, "fleet/customer.html", values)


def unknown_customer(customer_id: str) -> Trouble:
    """What a page says of an id that nobody has."""
    ids = Customer.objects.order_by("customer_id").values_list("customer_id", flat=True)
    closest = nearest(customer_id[:MAX_ID_LENGTH], {each: each for each in ids})
    return Trouble(
        HTTPStatus.NOT_FOUND,
        f"No customer with the id “{as_line(customer_id, MAX_ID_LENGTH)}”",
        "The id is mistyped, or the customer has been deleted.",
        "Nothing was changed.",
        "Go back to the fleet and look for it there.",
        (closest, customer_path(closest)) if closest else ("", ""),
    )
