import asyncio
import gc
import weakref
from collections.abc import Awaitable, Sequence

import pytest
from tests.asgi import Answer, call, parts_of, receiving, run, scope_of

from felhom_hub.base.budget import FREE_BYTES, Budget, count_memory, guarded
from felhom_hub.base.endpoint import AsgiApp, ClientGoneError, Message, Receive, Scope, Send, send_bytes
from felhom_hub.base.errors import TooLarge

ROOM = 1000  # beyond what is free
TOO_MUCH = b'{"ok":false,"error":"The hub has too much in hand at once; try again later"}'


def reading(*, then_counts: int = 0) -> AsgiApp:
    """An app that reads its body, counts so much more, and answers 200."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body", False):
            pass
        count_memory(scope, then_counts)
        await send_bytes(send, b"done", status=200, headers=[])

    return app


def answer_to(body: bytes | Sequence[bytes], *, counts: int = 0, budget: Budget) -> Answer:
    messages = parts_of([body] if isinstance(body, bytes) else body)
    return run(call(guarded(reading(then_counts=counts), budget=budget), "POST", body=messages))


@pytest.mark.parametrize(
    ("body", "counts", "status"),
    [
        (b"x" * FREE_BYTES, 0, 200),
        (b"x" * (FREE_BYTES + ROOM), 0, 200),
        (b"x" * (FREE_BYTES + ROOM + 1), 0, 503),
        ([b"x" * FREE_BYTES, b"x" * ROOM], 0, 200),
        ([b"x" * FREE_BYTES, b"x" * ROOM, b"x"], 0, 503),
        (b"", FREE_BYTES + ROOM, 200),
        (b"", FREE_BYTES + ROOM + 1, 503),
        (b"x" * FREE_BYTES, ROOM, 200),
        (b"x" * FREE_BYTES, ROOM + 1, 503),
    ],
)
def test_a_request_finds_room_or_is_refused_and_gives_back_what_it_took(
    body: bytes | Sequence[bytes], counts: int, status: int
) -> None:
    budget = Budget(ROOM)

    answer = answer_to(body, counts=counts, budget=budget)

    assert (answer.status, answer.body) == (status, b"done" if status == 200 else TOO_MUCH)
    assert ("retry-after" in answer.headers) is (status == 503)
    assert budget.used == 0


def test_what_is_free_finds_room_although_others_hold_it_all() -> None:
    budget = Budget(ROOM)
    assert budget.take(ROOM)

    assert answer_to(b"x" * FREE_BYTES, budget=budget).status == 200
    assert answer_to(b"x" * (FREE_BYTES + 1), budget=budget).status == 503
    assert budget.used == ROOM


def test_what_an_app_holds_is_given_back_when_its_client_left() -> None:
    budget = Budget(ROOM)

    async def leave(scope: Scope, _receive: Receive, _send: Send) -> None:
        count_memory(scope, FREE_BYTES + 1)
        assert budget.used == 1
        raise ClientGoneError("gone")

    async def never(_message: Message) -> None:
        raise AssertionError("there is nobody to answer")

    async def main() -> None:
        await guarded(leave, budget=budget)(scope_of(), receiving([]), never)

    run(main())

    assert budget.used == 0


def test_memory_counts_nowhere_without_the_guard() -> None:
    assert run(call(reading(then_counts=10**9))).status == 200


@pytest.mark.parametrize(("size", "status"), [(65_000, 200), (66_000, 431)])
def test_headers_have_a_limit(size: int, status: int) -> None:
    answer = run(call(guarded(reading()), headers={"X": "y" * size}))

    assert answer.status == status
    if status != 200:
        assert answer.json() == {"ok": False, "error": "The request's headers are larger than 64 KiB"}


def cancelled(app: AsgiApp) -> list[Message]:
    """What the app sends when it is cancelled, as a server does with those that are left when its time is over."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def main() -> None:
        task = asyncio.ensure_future(guarded(app)(scope_of(), receiving([]), send))
        await asyncio.sleep(0)
        task.cancel()
        await task

    run(main())
    return sent


def test_a_request_that_is_cancelled_hears_that_the_hub_stops() -> None:
    async def wait(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.Event().wait()

    start, body = cancelled(wait)

    assert start["status"] == 503
    assert body["body"] == b'{"ok":false,"error":"The hub is stopping; send it again"}'


def test_an_answer_that_is_cancelled_when_it_has_begun_hears_no_more() -> None:
    async def begin(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.Event().wait()

    assert cancelled(begin) == [{"type": "http.response.start", "status": 200, "headers": []}]


class _Exchange:
    """As a server's object for one request: it holds the scope, and the guard gets its methods."""

    def __init__(self) -> None:
        self.scope = scope_of("/")
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def send(self, message: Message) -> None:
        self.sent.append(message)


async def _await(answer: Awaitable[None]) -> None:
    await answer


@pytest.mark.parametrize("fails", [False, True])
def test_a_request_leaves_nothing_to_the_garbage_collector(fails: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        count_memory(scope, len((await receive())["body"]))
        if fails:
            raise TooLarge("no")
        await send({"type": "http.response.start", "status": 200, "headers": []})

    exchange = _Exchange()
    left = weakref.ref(exchange)
    gc.disable()
    try:
        run(_await(guarded(app)(exchange.scope, exchange.receive, exchange.send)))
        assert exchange.sent[0]["status"] == (413 if fails else 200)
        del exchange
        assert left() is None
    finally:
        gc.enable()
