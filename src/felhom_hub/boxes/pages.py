"""`/customers/{customer_id}/diff`: what differs between hub and box; and the questions and buttons of what follows."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from felhom_hub.base.errors import ApiError, NotFound
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.secrets import SecretsError
from felhom_hub.base.toasts import ToastKind, register_toast, show_toast
from felhom_hub.boxes.ask import ask, withdraw
from felhom_hub.boxes.models import Call
from felhom_hub.boxes.overview import diff_page
from felhom_hub.boxes.take_over import take_over
from felhom_hub.controllers.confirm import confirm_host, withdraw_host
from felhom_hub.customers.missing import no_such_customer
from felhom_hub.customers.queries import shown_name
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at

_MAX_DIGITS = 18
_PULLED = register_toast("config_pulled", "{name} is stored as its controller has it.", name_of=shown_name)
_CONFIRMED = register_toast("host_confirmed", "The controller of {name} may be called there.", name_of=shown_name)
_WITHDRAWN = register_toast("host_withdrawn", "That host of {name} is not confirmed any more.", name_of=shown_name)
_CALL_WITHDRAWN = register_toast("call_withdrawn", "{name}")


@require_safe
def show_diff(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """What was read last beside what the hub wants, and what can be done about it."""
    return _shown(request, customer_id, "boxes/diff.html")


@require_POST
def compare(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The live configuration is being read; the page of the differences shows how far it is."""
    return _asked(request, customer_id, Call.Kind.COMPARE, f"/customers/{customer_id}/diff")


@require_http_methods(["GET", "HEAD", "POST"])
def push(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The question with what would change; a POST has the hub's file on its way."""
    if request.method != "POST":
        return _shown(request, customer_id, "boxes/push.html")
    return _asked(request, customer_id, Call.Kind.PUSH, f"/customers/{customer_id}")


@require_http_methods(["GET", "HEAD", "POST"])
def update(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The question; a POST asks the controller to update itself."""
    if request.method != "POST":
        return _shown(request, customer_id, "boxes/update.html")
    return _asked(request, customer_id, Call.Kind.UPDATE, f"/customers/{customer_id}")


@require_POST
def pull(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """What the page showed of the controller's file is stored."""

    def act() -> None:
        number, seen = _number(request.POST.get("reading", "")), request.POST.get("seen", "")
        take_over(customer_id, number, seen=seen, now=request.now, by=operator_at(request.client.address))

    return _done(request, customer_id, act, _PULLED)


@require_POST
def withdraw_call(request: OperatorRequest, customer_id: str, number: int) -> HttpResponse:
    """The call is not made any more, where nothing was sent yet."""
    try:
        by = operator_at(request.client.address)
        is_changed = withdraw(customer_id, min(number, 10**_MAX_DIGITS), now=request.now, by=by)
    except NotFound as error:
        return trouble_page(request, no_such_customer(error.sentence))
    words = "It is withdrawn, nothing was sent." if is_changed else "It could not be withdrawn any more."
    response = HttpResponseRedirect(f"/customers/{customer_id}", status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _CALL_WITHDRAWN, subject=customer_id, name=words)


@require_POST
def confirm(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """Key and configuration of the customer may go to the host that the page showed."""

    def act() -> None:
        url = request.POST.get("controller_url", "")
        confirm_host(customer_id, url, now=request.now, by=operator_at(request.client.address))

    return _done(request, customer_id, act, _CONFIRMED)


@require_POST
def withdraw_confirmed(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The host is not confirmed any more."""

    def act() -> None:
        url = f"https://{request.POST.get('place', '')}"
        withdraw_host(customer_id, url, now=request.now, by=operator_at(request.client.address))

    return _done(request, customer_id, act, _WITHDRAWN)


def _shown(request: OperatorRequest, customer_id: str, template: str) -> HttpResponse:
    try:
        page = diff_page(customer_id, now=request.now)
    except NotFound as error:
        return trouble_page(request, no_such_customer(error.sentence))
    return render(request, template, {"page": page})


def _asked(request: OperatorRequest, customer_id: str, kind: Call.Kind, then: str) -> HttpResponse:
    try:
        seen = request.POST.get("seen_sha256", "")
        ask(kind, customer_id, now=request.now, by=operator_at(request.client.address), seen_sha256=seen)
    except NotFound as error:
        return trouble_page(request, no_such_customer(error.sentence))
    except (ApiError, SecretsError) as error:
        return trouble_page(request, _not_asked(error))
    return HttpResponseRedirect(then, status=HTTPStatus.SEE_OTHER)


def _done(request: OperatorRequest, customer_id: str, act: Callable[[], None], toast: ToastKind) -> HttpResponse:
    try:
        act()
    except NotFound as error:
        return trouble_page(request, no_such_customer(error.sentence))
    except (ApiError, SecretsError) as error:
        return trouble_page(request, _not_asked(error))
    response = HttpResponseRedirect(f"/customers/{customer_id}/diff", status=HTTPStatus.SEE_OTHER)
    return show_toast(response, toast, subject=customer_id)


def _not_asked(error: ApiError | SecretsError) -> Trouble:
    status = HTTPStatus(error.status) if isinstance(error, ApiError) else HTTPStatus.SERVICE_UNAVAILABLE
    sentence = error.sentence if isinstance(error, ApiError) else str(error)
    next_step = "Go back to the differences, look again, and decide anew."
    return Trouble(status, "This was not done", f"{sentence}.", "Nothing was changed or sent.", next_step)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= _MAX_DIGITS else 0
