"""Sign-in and sign-out."""

from datetime import timedelta
from http import HTTPStatus

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from felhom_hub.base.paths import local_path
from felhom_hub.operators.access import PUBLIC_PATHS, OperatorRequest
from felhom_hub.operators.audit import operator_at, record_audit
from felhom_hub.operators.kept_forms import Entries, entries_of
from felhom_hub.operators.sessions import SESSION_COOKIE, SESSION_LIFE, end_session, operator_of
from felhom_hub.operators.sign_in import Refusal, sign_in

# What nobody wants to see after signing in: the form once more, or an address that takes POST only.
NO_PLACES = PUBLIC_PATHS | {"/logout"}


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: OperatorRequest) -> HttpResponse:
    """The sign-in form, and what it sends; whoever is signed in already goes on to `next`.

    Where the sign-in ended while a form was filled in, the answer leads back to the form.
    """
    written = request.POST if request.method == "POST" else request.GET
    onward = _onward(written.get("next", ""))
    if request.method != "POST":
        return HttpResponseRedirect(onward) if request.operator else _form(request, onward, None)
    result = sign_in(
        request.POST.get("password", ""),
        address=request.client.address,
        user_agent=request.headers.get("User-Agent", ""),
        now=request.now,
    )
    entries = entries_of(request, onward)
    if isinstance(result, Refusal):
        return _form(request, onward, result, entries)
    end_session(request.COOKIES.get(SESSION_COOKIE, ""))
    if entries is None:
        response: HttpResponse = HttpResponseRedirect(onward, status=HTTPStatus.SEE_OTHER)
    else:
        request.operator = operator_of(result.token, now=request.now)
        response = render(request, "operators/back_to_form.html", {"entries": entries})
    response.set_cookie(
        SESSION_COOKIE,
        result.token,
        max_age=SESSION_LIFE,
        httponly=True,
        samesite="Lax",
        secure=request.client.is_tls,
    )
    return response


@require_POST
def logout(request: OperatorRequest) -> HttpResponse:
    """The session has ended, here and on the server."""
    with transaction.atomic():
        end_session(request.COOKIES.get(SESSION_COOKIE, ""))
        record_audit("signed_out", by=operator_at(request.client.address), now=request.now)
    return to_sign_in()


def to_sign_in() -> HttpResponse:
    """The browser goes to the sign-in and forgets its session."""
    response = HttpResponseRedirect("/login", status=HTTPStatus.SEE_OTHER)
    response.delete_cookie(SESSION_COOKIE, samesite="Lax")
    return response


def _onward(wanted: str) -> str:
    path = local_path(wanted)
    return "/" if path.partition("?")[0] in NO_PLACES else path


def _form(
    request: OperatorRequest, onward: str, refusal: Refusal | None, entries: Entries | None = None
) -> HttpResponse:
    response = render(request, "operators/login.html", {"next": onward, "refusal": refusal, "entries": entries})
    if refusal:
        response.status_code = refusal.status
        if refusal.wait:
            response["Retry-After"] = str(-(-refusal.wait // timedelta(seconds=1)))
    return response
