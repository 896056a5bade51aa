"""The page at `/why/{number}`: why somebody was told of an event, or was not."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.words import number_words
from felhom_hub.fleet.why import why_page


@require_safe
def show_why(request: HttpRequest, number: int) -> HttpResponse:
    """Every decision about one event, with what it rested on."""
    page = why_page(number, zone=settings.HUB.server.time_zone)
    if page is None:
        return trouble_page(request, unknown_event(number))
    return render(request, "fleet/why.html", {"page": page})


def unknown_event(number: int) -> Trouble:
    """What a page says of a number that no event has."""
    return Trouble(
        HTTPStatus.NOT_FOUND,
        f"No event {number_words(number)}",
        f"Events are kept for {settings.HUB.retention.max_days} days, or the number is mistyped.",
        "Nothing was changed.",
        "Go to the list of events and look for it there.",
    )
