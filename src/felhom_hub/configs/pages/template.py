"""`/configuration/template`: the template that holds, its age, and what the newest one changes for whom."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.configs.template import template_facts
from felhom_hub.configs.template_ask import ask_for_newest
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at

_ASKED = register_toast("template_asked", "The template is being fetched. This page tells what comes of it.")


@require_safe
def show_template(request: OperatorRequest) -> HttpResponse:
    """What is known of the template."""
    return render(request, "configs/template.html", {"facts": template_facts()})


@require_POST
def fetch(request: OperatorRequest) -> HttpResponse:
    """The template is fetched within a second, by whichever hub looks first."""
    ask_for_newest(now=request.now, by=operator_at(request.client.address))
    response = HttpResponseRedirect("/configuration/template", status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _ASKED, subject="template")
