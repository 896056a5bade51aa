"""The page of the fleet's events at `/events`."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.arrival import HubRequest
from felhom_hub.fleet.events_page import events_page
from felhom_hub.fleet.events_view import events_view


@require_safe
def show_events(request: HttpRequest) -> HttpResponse:
    """Open incidents, and the events of all customers, newest first, as the address asks."""
    view = events_view(request.GET.dict())
    page = events_page(view, now=cast("HubRequest", request).now, zone=settings.HUB.server.time_zone)
    days = settings.HUB.retention.max_days
    return render(request, "fleet/events.html", {"page": page, "view": view, "kept_days": days})
