"""The pages that belong to no room: what went wrong, in the frame or as the API's JSON, and the choice of theme."""

import sys
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
)
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from felhom_hub.base.context import REFRESH_COOKIE, SINGLE_KEYS_COOKIE, THEME_COOKIE, theme_of
from felhom_hub.base.paths import local_path
from felhom_hub.base.secrets import SecretsError
from felhom_hub.base.writer import NO_ANSWER, plain_reason, retry_after

CHOICE_SECONDS = 365 * 24 * 3600

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Trouble:
    """What an error page says: what did not happen, what is unchanged, what to do next."""

    status: HTTPStatus
    title: str
    sentence: str
    unchanged: str
    next_step: str
    guess: tuple[str, str] = ("", "")  # what may have been meant: its name and its path


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
    "This page could not be put together. The hub’s log has the details.",
    "Reports are still taken and stored; what you sent may not have been.",
    "Try again in a minute. If it stays, look into the log.",
)


# What the operator can do about each reason of writer.plain_reason; the hub goes on by itself when it is done.
_NEXT_STEPS = {
    "the disk is full": "Make room on the hub's disk.",
    "it is read-only": "Look at the disk: it may have been mounted read-only after an error. Mount it again.",
    "it is locked": "Another process holds the database for longer than 5 s. End it.",
    "it is damaged": "Stop the hub, keep the damaged file, and bring back a copy.",
    "the disk reports an error": "Look at the disk and at the system's log.",
    "it cannot be opened": "Check that the database file is there and that the hub may open it.",
}


def next_step_of(reason: str) -> str:
    """What to do about a reason that the database gave."""
    return _NEXT_STEPS.get(reason, "Check that the database runs and can be reached.")


# Values and statements that the database does not take say nothing of its disk.
_OWN_MISTAKES = (DataError, IntegrityError, ProgrammingError)


def _is_lost_server(error: BaseException) -> bool:
    # To SQLite a mistake in a statement is an OperationalError as well, and it has no server to lose.
    return isinstance(error, OperationalError | InterfaceError) and connection.vendor == "postgresql"


def storage_page(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The 503 page for an error that says that the database cannot be used now; None for any other error."""
    if not isinstance(error, DatabaseError | InterfaceError) or isinstance(error, _OWN_MISTAKES):
        return None
    reason = plain_reason(error)
    if reason == NO_ANSWER and not _is_lost_server(error):
        return None
    _log.error("database_unavailable", reason=str(error), path=request.path)
    is_change = not _is_read(request)
    trouble = Trouble(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "This was not stored" if is_change else "This page cannot be shown now",
        f"The database cannot be {'written' if is_change else 'read'} now: {reason}.",
        "Nothing was changed. What is stored stays as it is, and controllers keep what the hub does not take.",
        f"{next_step_of(reason)} Then try again.",
    )
    response = trouble_page(request, trouble)
    response["Retry-After"] = str(retry_after())
    return response


def sealed_page(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The 503 page for a secret that this hub cannot open; None for any other error.

    What key is missing is the operator's to know: under /api/ the answer does not say it.
    """
    if not isinstance(error, SecretsError):
        return None
    _log.error("secret_not_opened", reason=str(error), path=request.path)
    is_api = request.path_info.startswith("/api/")
    trouble = Trouble(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "What is sealed cannot be opened",
        "The hub cannot open what it keeps sealed for this customer now; its log says why" if is_api else f"{error}.",
        "Nothing was changed. What is sealed stays as it is, and opens again with its key.",
        "Bring the missing key back, and try again.",
    )
    response = trouble_page(request, trouble)
    response["Retry-After"] = str(retry_after())
    return response


# What the frame would ask the database for: a page that says that there is no database must not.
_ASKS_NOTHING: dict[str, object] = {"badges": (), "tab_badge": None}


def trouble_page(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The error as a page in the frame, or under /api/ in the API's one JSON shape."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"ok": False, "error": trouble.sentence}, status=trouble.status)
    # What went wrong inside may go well the next time; a form would have to be sent again, from its own page.
    again = request.get_full_path() if trouble.status >= HTTPStatus.INTERNAL_SERVER_ERROR and _is_read(request) else ""
    values = {"trouble": trouble, "again": again, **_ASKS_NOTHING}
    return render(request, "trouble.html", values, status=trouble.status)


def _is_read(request: HttpRequest) -> bool:
    return request.method in {"GET", "HEAD"}


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
        # Middleware that asks the database fails before any view does.
        return storage_page(request, sys.exc_info()[1]) or trouble_page(request, SERVER_ERROR)
    except Exception:  # noqa: BLE001 - whatever is broken, an answer must come
        _log.exception("the error page cannot be rendered")
        text = f"{SERVER_ERROR.title}. {SERVER_ERROR.sentence} {SERVER_ERROR.next_step}\n"
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=SERVER_ERROR.status)


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """The theme is in the browser's cookie from now on; the way without scripts."""
    return _remembered(request, {THEME_COOKIE: theme_of(request.POST.get("theme", ""))})


@require_POST
def choose_browser(request: HttpRequest) -> HttpResponse:
    """Whether single keys and the refresh by itself are on in this browser is in its cookies from now on."""
    chosen = {SINGLE_KEYS_COOKIE: "single_keys", REFRESH_COOKIE: "refresh"}
    return _remembered(request, {cookie: "on" if field in request.POST else "off" for cookie, field in chosen.items()})


def _remembered(request: HttpRequest, choices: dict[str, str]) -> HttpResponse:
    response = HttpResponseRedirect(local_path(request.POST.get("next", "")), status=HTTPStatus.SEE_OTHER)
    for cookie, choice in choices.items():
        # Not HttpOnly: the browser's own scripts (base/scripts/) write them too.
        response.set_cookie(cookie, choice, max_age=CHOICE_SECONDS, samesite="Lax")
    return response
