"""The first steps at `/setup`."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.arrival import HubRequest
from felhom_hub.fleet.first_steps import first_steps
from felhom_hub.fleet.hub_facts import hub_facts


@require_safe
def show_setup(request: HttpRequest) -> HttpResponse:
    """What is done and what comes next."""
    hub = hub_facts(cast("HubRequest", request).now)
    return render(request, "fleet/setup.html", {"page": first_steps(database=hub.database), "hub": hub})
