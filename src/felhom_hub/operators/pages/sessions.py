"""Ends sessions: one of them, the others, or all; the list of them is on /configuration."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at
from felhom_hub.operators.open_sessions import end_all_sessions, end_other_sessions, open_sessions, revoke_session
from felhom_hub.operators.pages.sign_in import to_sign_in

SETTINGS_PATH = "/configuration#sessions"

_REVOKED = register_toast("session_revoked", "That browser is signed out.")
_OTHERS_OUT = register_toast("others_signed_out", "All other browsers are signed out.")
_NO_SESSION = Trouble(
    HTTPStatus.NOT_FOUND,
    "There is no such session",
    "It has ended already.",
    "Nothing was changed.",
    "Go back to the settings to see who is signed in.",
)


@require_POST
def revoke(request: OperatorRequest, reference: str) -> HttpResponse:
    """That browser is signed out; where it is this one, it goes to the sign-in."""
    current = request.operator.session if request.operator else ""
    if not revoke_session(reference, by=operator_at(request.client.address), now=request.now):
        return trouble_page(request, _NO_SESSION)
    if current.startswith(reference):
        return to_sign_in()
    return show_toast(HttpResponseRedirect(SETTINGS_PATH, status=HTTPStatus.SEE_OTHER), _REVOKED, subject=reference)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out_everywhere(request: OperatorRequest) -> HttpResponse:
    """The question as a page of its own, and what it answers: `which` is "others", or all sessions end."""
    current = request.operator.session if request.operator else ""
    if request.method != "POST":
        sessions = open_sessions(current=current, now=request.now)
        return render(request, "operators/sign_out_everywhere.html", {"sessions": sessions})
    by = operator_at(request.client.address)
    if request.POST.get("which") == "others":
        end_other_sessions(current=current, by=by, now=request.now)
        return show_toast(HttpResponseRedirect(SETTINGS_PATH, status=HTTPStatus.SEE_OTHER), _OTHERS_OUT, subject="all")
    end_all_sessions(by=by, now=request.now)
    return to_sign_in()
