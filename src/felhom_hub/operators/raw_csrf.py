"""The CSRF check for the raw endpoints, which are answered without Django and its middleware (csrf.py).

A key already says who asks there. Yet a browser's cookie alone must change nothing anywhere, and one rule holds for
every path. Controllers send no cookies, so it costs them a look through their headers.
"""

from hmac import compare_digest
from http import HTTPStatus

from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send, error_document, header, send_error, send_json
from felhom_hub.base.errors import ApiError
from felhom_hub.operators.csrf import API_ERROR, CSRF_HEADER, SAFE_METHODS
from felhom_hub.operators.password import is_login_off
from felhom_hub.operators.raw_sessions import operator_with, token_of
from felhom_hub.operators.sessions import SESSION_COOKIE

_HEADER = CSRF_HEADER.lower().encode()


def csrf_checked(app: AsgiApp) -> AsgiApp:
    """The app, which a change reaches without a session cookie, or with its token in the header, and not otherwise."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            is_refused = _is_change(scope) and not await _shows_token(scope)
        except ApiError as error:
            await send_error(send, error)
            return
        if is_refused:
            await send_json(send, error_document(API_ERROR), status=HTTPStatus.FORBIDDEN)
        else:
            await app(scope, receive, send)

    return checked


def _is_change(scope: Scope) -> bool:
    """True for a change with a session cookie; where login is off there are no sessions."""
    has_cookie = SESSION_COOKIE in (header(scope, b"cookie") or "")
    return has_cookie and scope["method"] not in SAFE_METHODS and not is_login_off()


async def _shows_token(scope: Scope) -> bool:
    operator = await operator_with(token_of(scope))
    shown = header(scope, _HEADER) or ""
    return operator is not None and compare_digest(shown.encode(), operator.csrf_token.encode())
