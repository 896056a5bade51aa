"""Acknowledges alarms, from whichever page shows them: two POSTs that go back to it."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from felhom_hub.base.errors import NotFound
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.paths import local_path
from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.notify.acknowledge import acknowledge, take_back
from felhom_hub.notify.alarm_queries import page_of
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at

_TAKEN = register_toast(
    "alarm_acknowledged", "The alarm is acknowledged until it is over.", undo_path="/alarms/{id}/take-back"
)


@require_POST
def acknowledge_alarm(request: OperatorRequest, number: int) -> HttpResponse:
    """The operator is told no more of the alarm until it is over."""
    try:
        acknowledge(number, request.POST.get("note", ""), now=request.now, by=operator_at(request.client.address))
    except NotFound:
        return trouble_page(request, _over())
    return show_toast(_back(request, number), _TAKEN, subject=str(number))


@require_POST
def take_acknowledgement_back(request: OperatorRequest, number: int) -> HttpResponse:
    """The operator is told of the alarm again, and reminded of it."""
    try:
        take_back(number, now=request.now, by=operator_at(request.client.address))
    except NotFound:
        return trouble_page(request, _over())
    return _back(request, number)


def _back(request: OperatorRequest, number: int) -> HttpResponse:
    """To the page that the form was on; "Undo" comes from whichever page, and goes to the alarm's own."""
    back = local_path(request.POST.get("next", ""), "") or page_of(number)
    return HttpResponseRedirect(back, status=HTTPStatus.SEE_OTHER)


def _over() -> Trouble:
    return Trouble(
        HTTPStatus.NOT_FOUND,
        "This alarm is over",
        "Another event has ended it, or its customer was deleted.",
        "There is nothing left to acknowledge.",
        "Go to the list of events.",
    )
