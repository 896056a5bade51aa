"""Blocks a customer after a question, and unblocks it at once; either can be undone from its toast."""

from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from felhom_hub.base.errors import NotFound
from felhom_hub.base.pages import trouble_page
from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.customers.block import block_customer, unblock_customer
from felhom_hub.customers.queries import shown_name
from felhom_hub.fleet.pages.customer import unknown_customer
from felhom_hub.fleet.rows import customer_path
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at
from felhom_hub.reports.summary import summary_of

_MAX_DIGITS = 10  # of a time in seconds, for the next 260 years

_BLOCKED = register_toast(
    "customer_blocked", "{name} is blocked.", undo_path="/customers/{id}/unblock", name_of=shown_name
)
# Undoing restores what was before, and asks nothing: the id stands in the address, and since when it was blocked.
_UNBLOCKED = register_toast(
    "customer_unblocked",
    "{name} is unblocked.",
    undo_path="/customers/{id}/block?typed={id}&since={before}",
    name_of=shown_name,
)


@require_http_methods(["GET", "HEAD", "POST"])
def block(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The question with its consequences; a POST with the id typed blocks."""
    summary = summary_of(customer_id, now=request.now)
    if summary is None:
        return trouble_page(request, unknown_customer(customer_id))
    is_sent = request.method == "POST"
    typed = request.POST.get("typed", request.GET.get("typed", "")).strip() if is_sent else ""
    if typed != customer_id:
        problem = f"Type {customer_id} exactly." if is_sent else ""
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
        question = {"summary": summary, "typed": typed, "problem": problem}
        return render(request, "fleet/block.html", question, status=status)
    try:
        is_changed = block_customer(
            customer_id,
            now=request.now,
            by=operator_at(request.client.address),
            since=_since(request.GET.get("since", "")),
        )
    except NotFound:
        return trouble_page(request, unknown_customer(customer_id))
    response = HttpResponseRedirect(customer_path(customer_id), status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _BLOCKED, subject=customer_id) if is_changed else response


@require_POST
def unblock(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The customer is not blocked any more."""
    try:
        since = unblock_customer(customer_id, now=request.now, by=operator_at(request.client.address))
    except NotFound:
        return trouble_page(request, unknown_customer(customer_id))
    response = HttpResponseRedirect(customer_path(customer_id), status=HTTPStatus.SEE_OTHER)
    if since is None:
        return response
    return show_toast(response, _UNBLOCKED, subject=customer_id, before=round(since.timestamp()))


def _since(seconds: str) -> datetime | None:
    is_time = seconds.isascii() and seconds.isdecimal() and len(seconds) <= _MAX_DIGITS
    return datetime.fromtimestamp(int(seconds), UTC) if is_time else None
