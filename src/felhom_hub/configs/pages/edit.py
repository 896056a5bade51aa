"""The form of a customer at `/configs/new` and `/configs/{customer_id}/edit`, and its check on leaving a field."""

from dataclasses import asdict
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from felhom_hub.base.endpoint import json_response
from felhom_hub.base.errors import Conflict, NotFound
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.configs.check import check_form, read_details
from felhom_hub.configs.form import RETURNING, TOKENS, Form, form_of
from felhom_hub.configs.queries import fingerprint, stored_values
from felhom_hub.configs.save import ChangedMeanwhile, Entered, create_config, save_config
from felhom_hub.configs.settings import Settings, written_settings
from felhom_hub.configs.typed import KEPT, keep_tokens, lost_tokens, typed_tokens, unreadable_tokens
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.details import checked
from felhom_hub.customers.missing import no_such_customer
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import customer_of, shown_name
from felhom_hub.customers.tokens import tokens_held
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at
from felhom_hub.operators.kept_forms import RETURNED, register_kept_form

_CREATED = register_toast("config_created", "{name} is a managed customer now.", name_of=shown_name)
_SAVED = register_toast("config_saved", "{name} is saved.", name_of=shown_name)
for _route in ("new", "edit"):
    register_kept_form(_route, fields=RETURNING, secrets=(*TOKENS, *(KEPT + name for name in TOKENS)))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OperatorRequest) -> HttpResponse:
    """The empty form, and what it sends; two clicks on Save make one customer."""
    if request.method != "POST":
        return _page(request, form_of({}))
    values, csrf = request.POST.dict(), _csrf(request)
    customer_id = values.get("customer_id", "").strip()
    tokens = typed_tokens(values, customer_id="", csrf_token=csrf)
    settings, problems = _checked(request, values, tokens, customer_id="")
    if RETURNED in values:
        return _page(request, form_of(values, problems=problems | lost_tokens(values), is_returned=True))
    entered = Entered(read_details(values), settings, tokens)
    if set(problems) == {"customer_id"} and _was_saved_a_moment_ago(customer_id, entered):
        return _gone_on(customer_id)
    if not problems:
        try:
            create_config(customer_id, entered, now=request.now, by=operator_at(request.client.address))
        except Conflict:  # somebody took the id between the check and now
            if not _was_saved_a_moment_ago(customer_id, entered):
                problems = _checked(request, values, tokens, customer_id="")[1]
        if not problems:
            return show_toast(_gone_on(customer_id), _CREATED, subject=customer_id)
    kept = keep_tokens(tokens, customer_id="", csrf_token=csrf)
    return _page(request, form_of(values, problems=problems, kept=kept, is_refused=True))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The form of a managed customer, and what it sends."""
    try:
        customer = customer_of(customer_id)
    except NotFound as error:
        return trouble_page(request, no_such_customer(error.sentence))
    if not customer.is_managed:
        return trouble_page(request, _manual(customer))
    if request.method != "POST":
        values = stored_values(customer)
        missing = check_form(values, {}, is_new=False)[1]
        return _page(request, _form(customer, values, problems=missing))
    return _save(request, customer)


def _save(request: OperatorRequest, customer: Customer) -> HttpResponse:
    values, csrf, customer_id = request.POST.dict(), _csrf(request), customer.customer_id
    tokens = typed_tokens(values, customer_id=customer_id, csrf_token=csrf)
    removed = frozenset(Kind(name) for name in TOKENS if values.get(f"remove_{name}"))
    settings, problems = _checked(request, values, tokens, customer_id=customer_id)
    if RETURNED in values:
        problems |= lost_tokens(values)
        seen, chosen = values.get("seen", ""), frozenset(kind.value for kind in removed)
        return _page(request, _form(customer, values, seen=seen, problems=problems, removed=chosen, is_returned=True))
    stored = None
    if not problems:
        entered = Entered(read_details(values), settings, tokens, removed)
        try:
            save_config(
                customer_id,
                entered,
                seen=values.get("seen", ""),
                now=request.now,
                by=operator_at(request.client.address),
            )
        except ChangedMeanwhile:
            customer = customer_of(customer_id)
            stored = stored_values(customer)
        else:
            return show_toast(_gone_on(customer_id), _SAVED, subject=customer_id)
    form = _form(
        customer,
        values,
        problems=problems,
        kept=keep_tokens(tokens, customer_id=customer_id, csrf_token=csrf),
        removed=frozenset(kind.value for kind in removed),
        stored=stored,
        # After a conflict the operator has seen what is there now; before one, what the form was opened with counts.
        seen=fingerprint(customer) if stored is not None else values.get("seen", ""),
        is_refused=True,
    )
    return _page(request, form)


@sensitive_post_parameters()
@require_POST
def check(request: OperatorRequest) -> HttpResponse:
    """What is wrong with each field of the form, as the script asks when a field is left."""
    values = request.POST.dict()
    editing = values.get("editing", "")
    tokens = typed_tokens(values, customer_id=editing, csrf_token=_csrf(request))
    return json_response({"ok": True, "problems": _checked(request, values, tokens, customer_id=editing)[1]})


def _checked(
    request: OperatorRequest, values: dict[str, str], tokens: dict[Kind, str], *, customer_id: str
) -> tuple[Settings, dict[str, str]]:
    """The settings, and what is wrong with each field; `customer_id` is empty for a new customer."""
    settings, problems = check_form(values, tokens, is_new=not customer_id)
    return settings, problems | unreadable_tokens(values, customer_id=customer_id, csrf_token=_csrf(request))


def _form(customer: Customer, values: dict[str, str], *, seen: str = "", **more: object) -> Form:
    held = {kind.value: at for kind, at in tokens_held(customer).items()}
    name = customer.name or customer.customer_id
    return form_of(
        values,
        customer_id=customer.customer_id,
        name=name,
        held=held,
        seen=seen or fingerprint(customer),
        **more,  # type: ignore[arg-type]  # passed on as they are
    )


def _page(request: OperatorRequest, form: Form) -> HttpResponse:
    status = HTTPStatus.OK
    if form.is_refused:
        status = HTTPStatus.CONFLICT if form.is_conflict else HTTPStatus.UNPROCESSABLE_ENTITY
    response = render(request, "configs/edit.html", {"form": form}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _was_saved_a_moment_ago(customer_id: str, entered: Entered) -> bool:
    """True when this very form was saved already: the button was pressed twice."""
    customer = Customer.objects.filter(customer_id=customer_id, is_managed=True).first()
    if customer is None:
        return False
    return stored_values(customer) == {**asdict(checked(entered.details)), **written_settings(entered.settings)}


def _gone_on(customer_id: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"/customers/{customer_id}", status=HTTPStatus.SEE_OTHER)


def _csrf(request: OperatorRequest) -> str:
    return request.operator.csrf_token if request.operator else ""


def _manual(customer: Customer) -> Trouble:
    return Trouble(
        HTTPStatus.CONFLICT,
        f"{customer.name or customer.customer_id} has no configuration yet",
        "It only reports so far.",
        "Nothing was changed.",
        "Choose Create config in the list of customers.",
    )
