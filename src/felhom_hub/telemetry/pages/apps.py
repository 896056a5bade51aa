"""The page of all apps at `/apps`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.telemetry.address import apps_view
from felhom_hub.telemetry.listing import apps_page


@require_safe
def show_apps(request: HttpRequest) -> HttpResponse:
    """All apps with their memory and verdicts, those that need a change first, or as the address asks."""
    page = apps_page(apps_view(request.GET))
    return render(request, "telemetry/apps.html", {"page": page, "view": page.view})
