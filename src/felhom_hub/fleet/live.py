"""`/live`: server-sent events that tell an open page that something landed, so that it refreshes at once.

Raw ASGI: a stream lasts for hours, and must never hold one of Django's threads. What changed is not in the stream;
the page asks for itself, through the same checks as ever.
"""

import asyncio
from collections.abc import Awaitable

from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send, asgi_endpoint
from felhom_hub.base.errors import Unauthorized
from felhom_hub.base.writer import unavailable
from felhom_hub.operators.raw_sessions import operator_with, token_of

MAX_STREAMS = 200  # open pages; each costs a connection and about 20 KB
QUIET_SECONDS = 2.0  # between two notes on one stream, however much lands
HEARTBEAT_SECONDS = 15.0  # a comment, so that proxies keep the connection and a dead one is noticed
SESSION_CHECK_SECONDS = 60.0  # after signing out, the stream ends within this time

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would hold notes back
]
_NOTE = b"event: fleet\ndata: {}\n\n"
_HEARTBEAT = b": still here\n\n"


class News:
    """Tells every open stream that something landed. Belongs to the event loop."""

    def __init__(self) -> None:
        self.count = 0
        self.streams = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def landed(self) -> None:
        """Something was committed that pages show."""
        self.count += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def after(self, seen: int) -> None:
        """Returns as soon as more than `seen` has landed."""
        if self.count > seen:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)


def live_endpoint(news: News, stopping: asyncio.Event) -> AsgiApp:
    """The stream, for a signed-in operator; it ends at once when the hub stops."""

    @asgi_endpoint("GET")
    async def live(scope: Scope, receive: Receive, send: Send) -> None:
        token = token_of(scope)
        await _require_operator(token)
        if news.streams >= MAX_STREAMS:
            raise unavailable("Too many pages are open; this one goes on refreshing every minute")
        news.streams += 1
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _stream(news, token, send, _gone(receive), stopping)
        finally:
            news.streams -= 1

    return live


async def _require_operator(token: str) -> None:
    if await operator_with(token) is None:
        raise Unauthorized("Sign in to follow the fleet")


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stream(news: News, token: str, send: Send, gone: "Awaitable[None]", stopping: asyncio.Event) -> None:
    """Sends a note whenever something landed, until the client leaves, its session ends or the hub stops."""
    loop = asyncio.get_running_loop()
    ends = {asyncio.ensure_future(gone), asyncio.ensure_future(stopping.wait())}
    seen, check_at = news.count, loop.time() + SESSION_CHECK_SECONDS
    try:
        await send({"type": "http.response.body", "body": _HEARTBEAT, "more_body": True})
        while True:
            note = asyncio.ensure_future(news.after(seen))
            done, _ = await asyncio.wait({*ends, note}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            note.cancel()
            if done & ends or (loop.time() >= check_at and not await _is_operator(token)):
                break
            if loop.time() >= check_at:
                check_at = loop.time() + SESSION_CHECK_SECONDS
            seen = news.count
            await send({"type": "http.response.body", "body": _NOTE if note in done else _HEARTBEAT, "more_body": True})
            await asyncio.wait(ends, timeout=QUIET_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        await send({"type": "http.response.body", "body": b""})
    finally:
        for end in ends:
            end.cancel()


async def _is_operator(token: str) -> bool:
    try:
        await _require_operator(token)
    except Unauthorized:
        return False
    return True
