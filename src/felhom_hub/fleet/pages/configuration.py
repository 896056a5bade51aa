"""`/configuration`, and the jobs that are run from it."""

from http import HTTPStatus
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from felhom_hub.base.pages import NOT_FOUND, trouble_page
from felhom_hub.fleet.background import is_job, run_now
from felhom_hub.fleet.configuration import configuration_page
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at


@require_safe
def show_configuration(request: HttpRequest) -> HttpResponse:
    """What the hub runs with, and how its own work goes; `?ran=` names a job that was just asked for."""
    known = cast("OperatorRequest", request)
    session = known.operator.session if known.operator else ""
    page = configuration_page(session=session, now=known.now, zone=settings.HUB.server.time_zone)
    ran = next((job for job in page.jobs if job.name == request.GET.get("ran")), None)
    return render(request, "fleet/configuration.html", {"page": page, "ran": ran, "sessions": page.sessions})


@require_POST
def run_job(request: HttpRequest, name: str) -> HttpResponse:
    """The job has run, or runs, or will within a second; the page says which."""
    if not is_job(name):
        return trouble_page(request, NOT_FOUND)
    known = cast("OperatorRequest", request)
    run_now(name, by=operator_at(known.client.address), now=known.now)
    return HttpResponseRedirect(f"/configuration?{urlencode({'ran': name})}#jobs", status=HTTPStatus.SEE_OTHER)
