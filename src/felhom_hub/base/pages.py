"""The pages that belong to no room: what went wrong, in the frame or as the API's JSON, and the choice of theme."""

from dataclasses import dataclass
from http import HTTPStatus

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from felhom_hub.base.context import THEME_COOKIE, theme_of
from felhom_hub.base.paths import local_path

THEME_COOKIE_SECONDS = 365 * 24 * 3600

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Trouble:
    """What an error page says: what did not happen, what is unchanged, what to do next."""

    status: HTTPStatus
    title: str
    sentence: str
    unchanged: str
    next_step: str


BAD_REQUEST = Trouble(
    HTTPStatus.BAD_REQUEST,
    "This request cannot be read",
    "What the browser sent is damaged, too large, or was never meant for the hub.",
    "Nothing was changed.",
    "Go back and try again. If you typed the address, check it.",
)
FORBIDDEN = Trouble(
    HTTPStatus.FORBIDDEN,
    "This is not allowed",
    "The hub refuses this request.",
    "Nothing was changed.",
    "Go back to the fleet.",
)
NOT_FOUND = Trouble(
    HTTPStatus.NOT_FOUND,
    "There is no such page",
    "The address is mistyped, or what it named has been deleted.",
    "Nothing was changed.",
    "Go back to the fleet and look for it there.",
)
SERVER_ERROR = Trouble(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "The hub made a mistake",
    "This page could not be put together. The hub's log has the details.",
    "Reports are still taken and stored; what you sent may not have been.",
    "Try again in a minute. If it stays, look into the log.",
)


def trouble_page(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The error as a page in the frame, or under /api/ in the API's one JSON shape."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"ok": False, "error": trouble.sentence}, status=trouble.status)
    return render(request, "trouble.html", {"trouble": trouble}, status=trouble.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Django's handler400."""
    return trouble_page(request, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Django's handler403."""
    return trouble_page(request, FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Django's handler404."""
    return trouble_page(request, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: plain text where the frame itself cannot be rendered."""
    try:
        return trouble_page(request, SERVER_ERROR)
    except Exception:  # noqa: BLE001 - whatever is broken, an answer must come
        _log.exception("the error page cannot be rendered")
        text = f"{SERVER_ERROR.title}. {SERVER_ERROR.sentence} {SERVER_ERROR.next_step}\n"
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=SERVER_ERROR.status)


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """The theme is in the browser's cookie from now on; the way without scripts."""
    response = HttpResponseRedirect(local_path(request.POST.get("next", "")), status=HTTPStatus.SEE_OTHER)
    theme = theme_of(request.POST.get("theme", ""))
    # Not HttpOnly: base/scripts/theme.js writes it too.
    response.set_cookie(THEME_COOKIE, theme, max_age=THEME_COOKIE_SECONDS, samesite="Lax")
    return response
