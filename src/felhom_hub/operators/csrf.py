"""Protection of state changes against foreign sites, checked before routing.

A request with a session cookie shows the session's token; sign-in, and everything where login is off, shows that it
comes from the hub's own pages. Django's own check comes after routing, has its field name fixed, and reads a token of
64 characters as a masked one.
"""

from collections.abc import Callable
from hmac import compare_digest
from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict

from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.operators.access import OperatorRequest, is_own_page, sign_in_with_entries
from felhom_hub.operators.password import is_login_off
from felhom_hub.operators.sessions import SESSION_COOKIE, Operator

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD = "_csrf"
CSRF_HEADER = "X-CSRF-Token"
API_ERROR = "CSRF token missing or invalid"

_OLD_PAGE = Trouble(
    HTTPStatus.FORBIDDEN,
    "This form is too old",
    "The page it was on belongs to an earlier sign-in, or the request came from another site.",
    "Nothing was changed.",
    "Go back, reload the page, and try again.",
)
_SIGNED_OUT = Trouble(
    HTTPStatus.FORBIDDEN,
    "You are signed out",
    "Your sign-in has ended since the page was opened.",
    "Nothing was changed.",
    "Sign in, then try again.",
)
_FOREIGN = Trouble(
    HTTPStatus.FORBIDDEN,
    "This came from another site",
    "The browser says that this request was not sent by a page of the hub at this address.",
    "Nothing was changed.",
    "Open the hub itself and try again. Behind a proxy, server.public_url must be the address that you see.",
)


class CsrfMiddleware:
    """No state change gets past this unless a page of the hub asked for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trouble = None if request.method in SAFE_METHODS else _trouble(request)
        if trouble is None:
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            body = {"ok": False, "error": API_ERROR}
            return JsonResponse(body, status=trouble.status, json_dumps_params={"separators": (",", ":")})
        kept = sign_in_with_entries(request) if trouble is _SIGNED_OUT else None
        return kept or trouble_page(request, trouble)


def _trouble(request: HttpRequest) -> Trouble | None:
    if is_login_off() or request.path_info == "/login":
        return None if is_own_page(request) else _FOREIGN
    if SESSION_COOKIE not in request.COOKIES:
        return None
    operator = cast("OperatorRequest", request).operator
    if operator is None:
        return _SIGNED_OUT
    return None if _shows_token(request, operator) else _OLD_PAGE


def _shows_token(request: HttpRequest, operator: Operator) -> bool:
    shown = request.headers.get(CSRF_HEADER) or _form_of(request).get(CSRF_FIELD, "")
    return compare_digest(str(shown).encode("utf-8", "surrogatepass"), operator.csrf_token.encode())


def _form_of(request: HttpRequest) -> QueryDict:
    if request.method == "POST":
        return request.POST
    # Django reads forms of POST only.
    is_form = request.content_type == "application/x-www-form-urlencoded"
    return QueryDict(request.body) if is_form else QueryDict()
