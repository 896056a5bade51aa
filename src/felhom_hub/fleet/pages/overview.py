"""The overview at `/`."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.arrival import HubRequest
from felhom_hub.fleet.address import view_of
from felhom_hub.fleet.overview import overview
from felhom_hub.fleet.strip import strip_start


@require_safe
def show_overview(request: HttpRequest) -> HttpResponse:
    """Everybody who is looked after, worst first, or as the address asks."""
    now = cast("HubRequest", request).now
    page = overview(view_of(request.GET), now=now)
    return render(request, "fleet/overview.html", {"page": page, "view": page.view, "strip_start": strip_start(now)})
