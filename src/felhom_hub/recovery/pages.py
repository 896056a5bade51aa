"""A customer's snapshots at `/customers/{customer_id}/snapshots`, and one of them as a download."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from felhom_hub.base.errors import NotFound
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.customers.queries import customer_of
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at, record_audit
from felhom_hub.recovery.overview import overview_of
from felhom_hub.recovery.queries import content_of

_MAX_DIGITS = 9


@require_safe
def show_snapshots(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The versions, what changed between two of them, and who fetched what."""
    try:
        customer = customer_of(customer_id)
    except NotFound as error:
        return trouble_page(request, _missing(error.sentence))
    wanted = _number(request.GET.get("before", "")), _number(request.GET.get("after", ""))
    page = overview_of(customer, None if None in wanted else (wanted[0] or 0, wanted[1] or 0))
    return render(request, "recovery/snapshots.html", {"page": page, "path": request.path})


@require_POST
def download(request: OperatorRequest, customer_id: str, version: int) -> HttpResponse:
    """The version byte for byte; a POST, since it is in the audit and nothing but a click may bring it there."""
    try:
        found = content_of(customer_of(customer_id), version)
    except NotFound as error:
        return trouble_page(request, _missing(error.sentence))
    if found is None:
        return trouble_page(request, _missing(f"{customer_id} has no version {version}"))
    by, detail = operator_at(request.client.address), f"version {found.number}"
    record_audit("infra_backup_downloaded", by=by, now=request.now, customer_id=customer_id, detail=detail)
    name = f"snapshot-{customer_id}-{found.number}.json"
    return HttpResponse(
        found.body,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= _MAX_DIGITS else None


def _missing(sentence: str) -> Trouble:
    return Trouble(
        HTTPStatus.NOT_FOUND,
        "There is no such snapshot",
        f"{sentence}.",
        "Nothing was changed.",
        "Go back to the fleet and look for the customer there.",
    )
