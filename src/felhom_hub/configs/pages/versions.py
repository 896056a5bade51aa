"""`/customers/{customer_id}/versions`: every version of a configuration, what one has otherwise, and its restore."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from felhom_hub.base.errors import Conflict, Impossible, NotFound
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.configs.form import label_of
from felhom_hub.configs.queries import fingerprint
from felhom_hub.configs.restore import problem_of_restoring, restore_version
from felhom_hub.configs.version_changes import Change, changes_between
from felhom_hub.configs.versions import Version, content_of, version_of, versions_of
from felhom_hub.customers.missing import no_such_customer
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import customer_of, shown_name
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at

_SHOWN: Final = 50
_MAX_DIGITS: Final = 9
_RESTORED = register_toast(
    "config_restored", "{name} has its earlier configuration again. Nothing was sent to the server.", name_of=shown_name
)


@dataclass(frozen=True)
class Line:
    """One version as the list prints it."""

    version: Version
    words: str
    is_newest: bool


@dataclass(frozen=True)
class Comparison:
    """One version beside what is entered now; `problem` says why it cannot be restored."""

    line: Line
    changes: Sequence[Change]
    problem: str
    seen: str


@require_safe
def show_versions(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The versions, the newest first; `?below=` a number, the older ones."""
    try:
        customer = customer_of(customer_id)
    except NotFound as error:
        return trouble_page(request, no_such_customer(error.sentence))
    below = request.GET.get("below", "")
    is_number = below.isdecimal() and below.isascii() and len(below) <= _MAX_DIGITS
    versions = versions_of(customer.pk, below=int(below) if is_number else None, limit=_SHOWN + 1)
    lines = [Line(each, words_of(each), is_newest=not is_number and place == 0) for place, each in enumerate(versions)]
    values = {**_named(customer), "lines": lines[:_SHOWN], "is_cut": len(lines) > _SHOWN, "is_older": is_number}
    return render(request, "configs/versions.html", values)


@require_safe
def show_version(request: OperatorRequest, customer_id: str, number: int) -> HttpResponse:
    """What the version has otherwise than what is entered now, and the button that brings it back."""
    try:
        customer = customer_of(customer_id)
    except NotFound as error:
        return trouble_page(request, no_such_customer(error.sentence))
    found = version_of(customer, number) if number < 10**_MAX_DIGITS else None
    if found is None:
        return trouble_page(request, _missing(f"{customer_id} has no version {number} of its configuration."))
    version, content = found
    newest = versions_of(customer.pk, below=None, limit=1)
    line = Line(version, words_of(version), is_newest=[each.number for each in newest] == [version.number])
    changes = changes_between(content, content_of(customer))
    comparison = Comparison(line, changes, problem_of_restoring(content) if changes else "", fingerprint(customer))
    response = render(request, "configs/version.html", {**_named(customer), "page": comparison})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def restore(request: OperatorRequest, customer_id: str, number: int) -> HttpResponse:
    """The version holds again, if nothing was changed since the page was opened."""
    by, seen = operator_at(request.client.address), request.POST.get("seen", "")
    try:
        restore_version(customer_id, min(number, 10**_MAX_DIGITS), seen=seen, now=request.now, by=by)
    except NotFound as error:
        return trouble_page(request, _missing(f"{error.sentence}."))
    except (Conflict, Impossible) as error:
        status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
        sentence = f"{error.sentence.removesuffix('.')}."
        advice = "Go back, look at the version again and decide anew."
        return trouble_page(request, Trouble(status, "It was not restored", sentence, "Nothing was changed.", advice))
    response = HttpResponseRedirect(f"/customers/{customer_id}/versions", status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _RESTORED, subject=customer_id)


def words_of(version: Version) -> str:
    """What was changed with it, in words: labels of the form's fields."""
    if not version.changed:
        return "Created" if version.by else "What was there before versions were kept"
    split = (entry.partition(" ") for entry in version.changed)
    words = ", ".join(f"{label_of(name)}{blank}{done}" for name, blank, done in split)
    return words if version.restored is None else f"Version {version.restored} restored: {words}"


def _named(customer: Customer) -> dict[str, object]:
    return {"customer": customer, "name": customer.name or customer.customer_id}


def _missing(sentence: str) -> Trouble:
    return Trouble(
        HTTPStatus.NOT_FOUND,
        "There is no such version",
        sentence,
        "Nothing was changed.",
        "Go back to the fleet and look for the customer there.",
    )
