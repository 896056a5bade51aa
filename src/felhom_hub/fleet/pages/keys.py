"""Rotates and revokes a customer's API keys, each after a question that says what follows."""

from datetime import timedelta
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from felhom_hub.base.errors import Conflict, NotFound
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.customers.keys import OVERLAP, keys_of, revoke_key, rotate_key
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import customer_of, shown_name
from felhom_hub.fleet.pages.customer import unknown_customer
from felhom_hub.fleet.rows import customer_path
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at

# Value and words of each choice; the value is in hours.
OVERLAPS: Final = {
    "168": "7 days",
    "24": "1 day",
    "720": "30 days",
    "0": "Not at all: a key is in strange hands",
}
_USUAL = str(int(OVERLAP / timedelta(hours=1)))

_ROTATED = register_toast("key_rotated", "{name} has a new API key.", name_of=shown_name)
_REVOKED = register_toast("key_revoked", "An API key of {name} is revoked.", name_of=shown_name)


@require_http_methods(["GET", "HEAD", "POST"])
def rotate(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The question for how long the older keys hold; a POST makes the new one."""
    try:
        customer = customer_of(customer_id)
    except NotFound:
        return trouble_page(request, unknown_customer(customer_id))
    chosen = request.POST.get("overlap", "")
    if request.method != "POST" or chosen not in OVERLAPS:
        return _rotate_page(request, customer, is_refused=request.method == "POST")
    overlap = timedelta(hours=int(chosen))
    by = operator_at(request.client.address)
    try:
        rotate_key(customer_id, overlap=overlap, now=request.now, by=by)
    except NotFound:
        return trouble_page(request, unknown_customer(customer_id))
    except Conflict as error:
        return trouble_page(request, _no_keys(error.sentence))
    return show_toast(_back(customer_id), _ROTATED, subject=customer_id)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: OperatorRequest, customer_id: str, number: int) -> HttpResponse:
    """The question what follows; a POST revokes. Of a key that is gone already nothing more is asked."""
    try:
        customer = customer_of(customer_id)
        if request.method == "POST":
            is_changed = revoke_key(customer_id, number, now=request.now, by=operator_at(request.client.address))
            back = _back(customer_id)
            return show_toast(back, _REVOKED, subject=customer_id) if is_changed else back
    except NotFound:
        return trouble_page(request, unknown_customer(customer_id))
    keys = keys_of(customer, now=request.now)
    key = next((each for each in keys if each.number == number), None)
    if key is None:
        return trouble_page(request, _NO_KEY)
    left = [each for each in keys if each.number != number]
    values = {
        "customer": customer,
        "name": customer.name or customer_id,
        "key": key,
        "is_last": not left,
        # The newest of those that are left gets no end any more.
        "stays": left[0] if left and left[0].holds_until else None,
        "path": customer_path(customer_id),
    }
    return render(request, "fleet/revoke_key.html", values)


def _rotate_page(request: HttpRequest, customer: Customer, *, is_refused: bool) -> HttpResponse:
    if not customer.is_managed:
        sentence = f"{customer.customer_id} has no configuration yet, and so no key of its own"
        return trouble_page(request, _no_keys(sentence))
    values = {
        "name": customer.name or customer.customer_id,
        "overlaps": list(OVERLAPS.items()),
        "usual": _USUAL,
        "problem": "Must be one of the choices." if is_refused else "",
        "path": customer_path(customer.customer_id),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "fleet/rotate_key.html", values, status=status)


def _back(customer_id: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{customer_path(customer_id)}#credentials", status=HTTPStatus.SEE_OTHER)


def _no_keys(sentence: str) -> Trouble:
    return Trouble(
        HTTPStatus.CONFLICT,
        "There is no key to rotate",
        f"{sentence}.",
        "Nothing was changed.",
        "Choose Create config on its page.",
    )


_NO_KEY = Trouble(
    HTTPStatus.NOT_FOUND,
    "This key holds no more",
    "It was revoked, or its overlap with the newer one is over.",
    "Nothing was changed.",
    "Go back to the customer's page.",
)
