"""The form of what one customer is to be told, at `/customers/{customer_id}/preferences`."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from felhom_hub.base.errors import NotFound
from felhom_hub.base.pages import trouble_page
from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.customers.missing import no_such_customer
from felhom_hub.customers.queries import customer_of, shown_name
from felhom_hub.notify.queries import preferences_of
from felhom_hub.notify.wishes import read_wishes, save_wishes
from felhom_hub.notify.wishes_form import Form, form_of
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at

_SAVED = register_toast("preferences_saved", "The notifications of {name} are saved.", name_of=shown_name)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_preferences(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The form with what holds now; a POST stores what was entered."""
    try:
        customer = customer_of(customer_id)
        if request.method != "POST":
            return _page(request, customer_id, _stored_form(customer.pk))
        values, enabled = request.POST.dict(), request.POST.getlist("enabled_events")
        wishes = read_wishes(customer_id, {name: str(value) for name, value in values.items()}, enabled)
        if wishes.problems:
            return _page(request, customer_id, form_of(values, enabled, problems=wishes.problems))
        save_wishes(wishes.facts, now=request.now, by=operator_at(request.client.address))
    except NotFound as error:
        return trouble_page(request, no_such_customer(error.sentence))
    response = HttpResponseRedirect(f"/customers/{customer_id}#notifications", status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _SAVED, subject=customer_id)


def _stored_form(customer_pk: int) -> Form:
    stored = preferences_of(customer_pk)
    if stored is None:
        return form_of({}, ())
    values = {"email": stored.email, "cooldown_hours": str(stored.cooldown_hours)}
    return form_of(values, stored.enabled_events)


def _page(request: OperatorRequest, customer_id: str, form: Form) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.problems else HTTPStatus.OK
    page = {
        "form": form,
        "fields": (form.email, form.cooldown),
        "customer_id": customer_id,
        "name": shown_name(customer_id),
    }
    return render(request, "notify/preferences.html", page, status=status)
