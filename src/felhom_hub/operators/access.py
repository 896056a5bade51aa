"""Who is asking, and who is let in: every page needs the operator, but for a short public list."""

from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address
from typing import cast
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from felhom_hub.base.arrival import HubRequest
from felhom_hub.base.endpoint import error_document, json_response
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.operators.kept_forms import entries_of
from felhom_hub.operators.origin import is_same_origin, origin_of
from felhom_hub.operators.password import is_login_off
from felhom_hub.operators.sessions import SESSION_COOKIE, Operator, operator_of

# The API asks for a key itself; static files are the same for everybody.
PUBLIC_PATHS = frozenset({"/login"})
PUBLIC_PREFIXES = ("/api/", "/static/")

_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_NOT_THE_API = "There is nothing at this path; the API begins with /api/v1/"

_STRANGE_HOST = Trouble(
    HTTPStatus.FORBIDDEN,
    "The hub does not know this address",
    "Sign-in is off, and then the hub answers only to an IP address, to localhost, and to the name in "
    "server.public_url: any other name could be a foreign site's that points here.",
    "Nothing was changed.",
    "Open the hub by its IP address, or set server.public_url in hub.yaml.",
)


class OperatorRequest(HubRequest):
    """A request as the operator's pages see it; `operator` is None on public pages."""

    operator: Operator | None


class OperatorMiddleware:
    """Every request after this has `operator`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = cast("OperatorRequest", request)
        known.operator = operator_of(request.COOKIES.get(SESSION_COOKIE, ""), now=known.now)
        return self.get_response(request)


class RequireOperatorMiddleware:
    """Nobody but the operator gets past this, except to what is public."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path in PUBLIC_PATHS or path.startswith(PUBLIC_PREFIXES):
            return self.get_response(request)
        if cast("OperatorRequest", request).operator is None:
            return _sign_in_first(request)
        if is_login_off() and not _is_own_host(request.get_host()):
            return trouble_page(request, _STRANGE_HOST)
        return self.get_response(request)


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if "HX-Request" in request.headers:
        return render(request, "operators/sign_in_note.html", status=HTTPStatus.UNAUTHORIZED)
    if request.method == "POST" and request.content_type not in _FORMS and request.body:
        # A controller whose hub.url is wrong: sent on to the sign-in, it would take that page's 200 for "stored".
        return json_response(error_document(_NOT_THE_API), status=HTTPStatus.NOT_FOUND)
    if kept := sign_in_with_entries(request):
        return kept
    wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    return HttpResponseRedirect(f"/login?next={quote(wanted, safe='/')}")


def sign_in_with_entries(request: HttpRequest) -> HttpResponse | None:
    """The sign-in, with what was typed, for a form of our own pages that comes back; None for any other request."""
    entries = entries_of(request, request.path_info)
    if entries is None or not is_own_page(request):
        return None
    return render(request, "operators/login.html", {"entries": entries}, status=HTTPStatus.UNAUTHORIZED)


def is_own_page(request: HttpRequest) -> bool:
    """True when one of the hub's own pages sent the request, or a program that is no browser."""
    return is_same_origin(
        fetch_site=request.headers.get("Sec-Fetch-Site", ""),
        origin=request.headers.get("Origin", ""),
        host=request.get_host(),
        trusted={origin_of(settings.HUB.server.public_url)} - {""},
    )


def _is_own_host(host: str) -> bool:
    """False for a name that could be a foreign site's, made to point at the hub's address (DNS rebinding)."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    if name in {urlsplit(settings.HUB.server.public_url).hostname, settings.HUB.server.listen.host}:
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
