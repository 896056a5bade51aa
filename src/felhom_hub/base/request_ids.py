"""Gives each request its id, by which what it caused is found in the log; a trusted proxy may have given one before."""

import random
import re

from django.conf import settings

from felhom_hub.base.current import request_id
from felhom_hub.base.endpoint import AsgiApp, Message, Receive, Scope, Send, header
from felhom_hub.base.proxies import is_among

# What proxies make: hex digits, UUIDs, ULIDs, and the like of `Root=1-67891233-abcdef012345678912345678`.
_GIVEN = re.compile(r"[\w.:=+/-]{1,64}", re.ASCII)
_HEADER = b"x-request-id"
# An id is no secret. Asking the system for each one took an eighth of the event loop's time under load.
_numbers = random.Random()


def identified(app: AsgiApp) -> AsgiApp:
    """The app, with an id in each line that a request logs and, as `X-Request-ID`, in its answer."""

    async def with_id(scope: Scope, receive: Receive, send: Send) -> None:
        own_id = _given_id(scope) or new_id()
        named = (_HEADER, own_id.encode())

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), named]
            await send(message)

        before = request_id.set(own_id)
        try:
            await app(scope, receive, send_named)
        finally:
            request_id.reset(before)

    return with_id


def new_id() -> str:
    """A new one, such as `3f-a09c`: short enough to be read out, and rare enough within a day's log."""
    number = _numbers.getrandbits(24)
    return f"{number >> 16:02x}-{number & 0xFFFF:04x}"


def _given_id(scope: Scope) -> str | None:
    written = header(scope, _HEADER)
    if written is None or not _GIVEN.fullmatch(written):
        return None
    peer = (scope.get("client") or ("",))[0]
    return written if is_among(peer, settings.HUB.server.trusted_proxies) else None
