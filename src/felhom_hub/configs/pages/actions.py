"""What is done with a whole customer: a configuration made of its reports, and the question before a deletion."""

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from felhom_hub.base.errors import Conflict, NotFound
from felhom_hub.base.pages import NOT_FOUND, trouble_page
from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.configs.delete import delete_with_config, kept_words
from felhom_hub.configs.reported import domain_in
from felhom_hub.configs.retrieval import unlock as unlock_retrieval
from felhom_hub.configs.save import adopt_config
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at
from felhom_hub.reports.summary import Summary, summary_of

_UNLOCKED = register_toast(
    "retrieval_unlocked", "Whoever has the passphrase of {name} can fetch its configuration again."
)
_DELETED = register_toast("customer_deleted", "{name} is deleted.")


@dataclass(frozen=True)
class Question:
    """The page that asks before a deletion."""

    summary: Summary
    kept: str
    typed: str
    problem: str


@require_POST
def create_config(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The manual customer is managed, with what its reports tell; its form shows what is missing."""
    summary = summary_of(customer_id, now=request.now)
    if summary is None:
        return trouble_page(request, NOT_FOUND)
    domain = domain_in(summary.node.controller_url if summary.node else None)
    try:
        adopt_config(customer_id, domain=domain, now=request.now, by=operator_at(request.client.address))
    except NotFound:
        return trouble_page(request, NOT_FOUND)
    except Conflict:  # pressed twice: there is a configuration, and that is what was wanted
        pass
    return HttpResponseRedirect(f"/configs/{customer_id}/edit", status=HTTPStatus.SEE_OTHER)


@require_POST
def unlock(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The customer's wrong retrieval passwords are forgotten, and its page says so."""
    summary = summary_of(customer_id, now=request.now)
    if summary is None:
        return trouble_page(request, NOT_FOUND)
    unlock_retrieval(customer_id, now=request.now, by=operator_at(request.client.address))
    response = HttpResponseRedirect(f"/customers/{customer_id}", status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _UNLOCKED, subject=customer_id, name=summary.display_name)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The question with its consequences; a POST with the id typed deletes."""
    summary = summary_of(customer_id, now=request.now)
    if summary is None:
        return trouble_page(request, NOT_FOUND)
    typed = request.POST.get("typed", "").strip()
    if request.method != "POST" or typed != customer_id:
        is_refused = request.method == "POST"
        problem = f"Type {customer_id} exactly." if is_refused else ""
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
        question = Question(summary, kept_words(summary.pk), typed, problem)
        return render(request, "configs/delete.html", {"question": question}, status=status)
    try:
        delete_with_config(customer_id, now=request.now, by=operator_at(request.client.address))
    except NotFound:
        return trouble_page(request, NOT_FOUND)
    response = HttpResponseRedirect("/configs", status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _DELETED, subject=customer_id, name=summary.display_name)
