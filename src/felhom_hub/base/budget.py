"""What every request has to pass: its head is sane, and there is memory for its body and its answer.

One budget holds for all of them together: a flood of large ones is refused, not swallowed.
"""

import asyncio

import structlog

from felhom_hub.base.endpoint import AsgiApp, ClientGoneError, Message, Receive, Scope, Send, send_error
from felhom_hub.base.errors import ApiError, HeadersTooLarge
from felhom_hub.base.guard import HEADER_BYTES, HEADERS_TOO_LARGE, STOPPING
from felhom_hub.base.writer import unavailable

BUDGET_BYTES = 64 * 1024 * 1024  # all requests, together
FREE_BYTES = 64 * 1024  # of each, so that greedy ones cannot keep ordinary reports (8 KB) and pages out

# Under this name a request's scope holds the function that counts its memory.
_COUNT = "felhom_hub.count_memory"

log = structlog.get_logger(__name__)


def count_memory(scope: Scope, size: int) -> None:
    """The request holds `size` bytes more until it is done; raises Unavailable when all together hold too much."""
    if _COUNT in scope:
        scope[_COUNT](size)


class Budget:
    """Bytes that the requests at hand hold together."""

    def __init__(self, limit: int = BUDGET_BYTES) -> None:
        self._limit = limit
        self.used = 0

    def take(self, size: int) -> bool:
        """False when there is no room for `size` more."""
        if self.used + size > self._limit:
            return False
        self.used += size
        return True

    def give_back(self, size: int) -> None:
        """The bytes are free again."""
        self.used -= size


def guarded(app: AsgiApp, *, budget: Budget | None = None) -> AsgiApp:
    """`app`, whose requests share one budget of memory; one that finds no room is answered 503.

    `app` must read a body to its end, and count what it holds, before it begins to answer, as all of ours do.
    """
    shared = budget or Budget()

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        request = _CountedRequest(receive, send, shared)
        scope[_COUNT] = request.count
        try:
            if _head_bytes(scope) > HEADER_BYTES:
                raise HeadersTooLarge(HEADERS_TOO_LARGE)
            await app(scope, request.receive, request.send)
        except ApiError as error:
            await send_error(send, error)
        except ClientGoneError:
            log.debug("client_gone", path=scope["path"])
        except asyncio.CancelledError:
            # The hub has no more time, and uvicorn would answer 500.
            if not request.is_answered:
                await send_error(send, unavailable(STOPPING))
        finally:
            # Else the scope holds the request that holds it, and what thousands of requests leave behind is found by
            # the garbage collector at once, which then holds up everybody for a tenth of a second.
            del scope[_COUNT]
            if request.taken:
                shared.give_back(request.taken)

    return guard


def _head_bytes(scope: Scope) -> int:
    fields: int = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    return fields + len(scope["raw_path"]) + len(scope["query_string"])


class _CountedRequest:
    """One request: what it holds, and whether its answer has begun."""

    __slots__ = ("_budget", "_receive", "_send", "_size", "is_answered", "taken")

    def __init__(self, receive: Receive, send: Send, budget: Budget) -> None:
        self._receive = receive
        self._send = send
        self._budget = budget
        self._size = 0
        self.taken = 0
        self.is_answered = False

    async def send(self, message: Message) -> None:
        self.is_answered = True
        await self._send(message)

    async def receive(self) -> Message:
        message = await self._receive()
        body = message.get("body")
        if body:
            self.count(len(body))
        return message

    def count(self, size: int) -> None:
        self._size += size
        wanted = self._size - FREE_BYTES - self.taken
        if wanted > 0:
            if not self._budget.take(wanted):
                raise unavailable("The hub has too much in hand at once; try again later")
            self.taken += wanted
