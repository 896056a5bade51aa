"""The page of one app at `/apps/{app_name}`."""

from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.arrival import HubRequest
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.tolerant import as_line
from felhom_hub.reports.app_telemetry import NAME_LENGTH
from felhom_hub.telemetry.address import app_view
from felhom_hub.telemetry.detail import app_page
from felhom_hub.telemetry.fresh import Fresh


@require_safe
def show_app(request: HttpRequest, app_name: str) -> HttpResponse:
    """The page of one app, as the address asks."""
    view = app_view(app_name, request.GET)
    page = app_page(view, now=cast("HubRequest", request).now)
    if page is None:
        return trouble_page(request, unknown_app(view.name))
    if isinstance(page, Fresh):
        return render(request, "telemetry/fresh.html", {"page": page})
    return render(request, "telemetry/app.html", {"page": page, "view": view})


def unknown_app(name: str) -> Trouble:
    """What a page says of a name that no box has reported."""
    return Trouble(
        HTTPStatus.NOT_FOUND,
        f"No app “{as_line(name, NAME_LENGTH)}”",
        "No server has reported it within the last 30 days, or the name is mistyped.",
        "Nothing was changed.",
        "Go to the list of apps and look for it there.",
    )
