"""Shows one secret of a customer, each time with an audit entry: to the page's script as JSON, else on a page."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from felhom_hub.base.endpoint import error_document, json_response
from felhom_hub.base.errors import NotFound
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.secrets import SecretsError
from felhom_hub.customers.credentials import Kind, reveal_secret
from felhom_hub.fleet.credentials import secret_row
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at


@sensitive_variables("value")
@require_POST
def reveal(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The secret that the form's `which` names; `how` says whether it is looked at or copied unseen."""
    row = secret_row(request.POST.get("which", ""))
    if row is None:
        return _refused(request, HTTPStatus.NOT_FOUND, "There is no such secret")
    try:
        value = reveal_secret(
            customer_id,
            Kind(row.kind),
            to_copy=request.POST.get("how") == "copy",
            now=request.now,
            by=operator_at(request.client.address),
        )
    except NotFound as error:
        return _refused(request, HTTPStatus.NOT_FOUND, error.sentence)
    except SecretsError as error:
        return _refused(request, HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
    if _is_script(request):
        return json_response({"ok": True, "value": value})
    response = render(request, "fleet/reveal.html", {"row": row, "value": value, "customer_id": customer_id})
    response["Cache-Control"] = "no-store"
    return response


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _refused(request: HttpRequest, status: HTTPStatus, sentence: str) -> HttpResponse:
    if _is_script(request):
        return json_response(error_document(sentence), status=status)
    trouble = Trouble(
        status, "Nothing can be shown", f"{sentence}.", "Nothing was changed.", "Go back to the customer's page."
    )
    return trouble_page(request, trouble)
