"""The search of the top bar at `/search?q=`."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.arrival import HubRequest
from felhom_hub.fleet.guess import guess_of
from felhom_hub.fleet.search import search


@require_safe
def show_search(request: HttpRequest) -> HttpResponse:
    """The page that the text names, or all that fits it."""
    found = search(request.GET.get("q", ""), now=cast("HubRequest", request).now)
    if found.only_path:
        return HttpResponseRedirect(found.only_path)
    guess = guess_of(found.text) if found.text and not found.total else None
    return render(request, "fleet/search.html", {"found": found, "guess": guess})
