"""Who is signed in, for the raw endpoints: the cookie's token, and its operator looked up beside the event loop."""

import asyncio
from http.cookies import CookieError, SimpleCookie

from django.db import DatabaseError, connection

from felhom_hub.base.endpoint import Scope, header
from felhom_hub.base.instants import utc_now
from felhom_hub.base.writer import plain_reason, unavailable
from felhom_hub.operators.sessions import SESSION_COOKIE, Operator, operator_of


def token_of(scope: Scope) -> str:
    """The session token in the request's cookies, or an empty string."""
    try:
        cookie = SimpleCookie(header(scope, b"cookie") or "")
    except CookieError:
        return ""
    return cookie[SESSION_COOKIE].value if SESSION_COOKIE in cookie else ""


async def operator_with(token: str) -> Operator | None:
    """Whoever the token belongs to now; raises Unavailable when the database cannot be asked."""
    try:
        return await asyncio.to_thread(_look_up, token)
    except DatabaseError as error:
        raise unavailable(f"The session cannot be looked up now ({plain_reason(error)})") from None


def _look_up(token: str) -> Operator | None:
    # A helper thread's connection lasts, so a broken one is replaced here: nobody else would.
    connection.close_if_unusable_or_obsolete()
    try:
        return operator_of(token, now=utc_now())
    except DatabaseError:
        connection.close()
        raise
