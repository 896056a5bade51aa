"""The list of customers at `/configs`."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.arrival import HubRequest
from felhom_hub.fleet.customers_list import list_view_of, listing


@require_safe
def show_configs(request: HttpRequest) -> HttpResponse:
    """Everybody the hub knows, by name, or as the address asks."""
    page = listing(list_view_of(request.GET), now=cast("HubRequest", request).now)
    return render(request, "fleet/configs.html", {"page": page, "view": page.view})
