"""The overview at `/`."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.fleet.address import view_of
from felhom_hub.fleet.badges import navigation_badges
from felhom_hub.fleet.columns import columns_of, columns_word
from felhom_hub.fleet.guess import guess_of
from felhom_hub.fleet.overview import overview
from felhom_hub.fleet.strip import strip_start
from felhom_hub.fleet.visits import look_of, note_look
from felhom_hub.operators.access import OperatorRequest

COLUMNS_COOKIE = "hub_columns"  # which columns this browser wants to see; no secret
COLUMNS_COOKIE_SECONDS = 365 * 24 * 3600


@require_safe
def show_overview(request: HttpRequest) -> HttpResponse:
    """Everybody who is looked after, worst first, or as the address asks."""
    known = cast("OperatorRequest", request)
    now, remembered = known.now, request.COOKIES.get(COLUMNS_COOKIE, "")
    view = view_of(dict(request.GET.lists()), remembered=[remembered])
    looking = look_of(known.operator.session if known.operator else "", now=now)
    page = overview(view, now=now, then=looking.then)
    note_look(looking, page.trouble, now=now)
    guess = guess_of(view.text) if view.text and not page.found else None
    values = {
        "page": page,
        "view": page.view,
        "strip_start": strip_start(now),
        "guess": guess,
        "badges": navigation_badges(incidents=page.untaken_incidents, lost=page.lost),
    }
    response = render(request, "fleet/overview.html", values)
    if columns_of(request.GET.getlist("cols")) is not None:
        word = columns_word(view.columns)
        response.set_cookie(COLUMNS_COOKIE, word, max_age=COLUMNS_COOKIE_SECONDS, samesite="Lax", httponly=True)
    return response
