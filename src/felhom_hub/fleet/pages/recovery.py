"""`/recovery`: whether each server could be rebuilt; and the button that checks one of them at once."""

from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from felhom_hub.base.arrival import HubRequest
from felhom_hub.base.pages import NOT_FOUND, trouble_page
from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import shown_name
from felhom_hub.fleet.badges import navigation_badges
from felhom_hub.fleet.recovery_page import recovery_page, view_of
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.recovery.prove import check_customer

_CHECKED = register_toast("recovery_checked", "The recovery of {name} was checked.", name_of=shown_name)


@require_safe
def show_recovery(request: HttpRequest) -> HttpResponse:
    """Everybody, the worst first, or as the address asks."""
    page = recovery_page(view_of(request.GET), now=cast("HubRequest", request).now)
    values = {"page": page, "view": page.view, "badges": navigation_badges(lost=page.lost)}
    return render(request, "fleet/recovery.html", values)


@require_POST
def check_recovery(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The customer's recovery is checked now."""
    customer = Customer.objects.filter(customer_id=customer_id).first()
    if customer is None:
        return trouble_page(request, NOT_FOUND)
    check_customer(customer, now=request.now, zone=settings.HUB.server.time_zone)
    response = HttpResponseRedirect(f"/customers/{customer_id}#recovery", status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _CHECKED, subject=customer_id)
