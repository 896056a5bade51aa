"""The page of one incident at `/incidents/{number}`."""

from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.arrival import HubRequest
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.words import number_words
from felhom_hub.fleet.event_list import view_of
from felhom_hub.fleet.incident_page import incident_page


@require_safe
def show_incident(request: HttpRequest, number: int) -> HttpResponse:
    """Servers that fell silent together: what they share, who they are, and what was recorded of them."""
    wanted = {name: request.GET.get(name, "") for name in ("events", "before")}
    page = incident_page(
        number,
        view=view_of(wanted),
        shows_all=request.GET.get("servers") == "all",
        now=cast("HubRequest", request).now,
        zone=settings.HUB.server.time_zone,
    )
    if page is None:
        return trouble_page(request, unknown_incident(number))
    days = settings.HUB.retention.max_days
    return render(request, "fleet/incident.html", {"page": page, "incident": page.incident, "kept_days": days})


def unknown_incident(number: int) -> Trouble:
    """What a page says of a number that no incident has."""
    return Trouble(
        HTTPStatus.NOT_FOUND,
        f"No incident {number_words(number)}",
        "The number is mistyped: no incident has it.",
        "Nothing was changed.",
        "Go to the list of events and look for it there.",
    )
