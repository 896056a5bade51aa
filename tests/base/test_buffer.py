from collections.abc import Awaitable, Callable, Sequence

import pytest
from tests.asgi import GONE, call, parts_of, run

from felhom_hub.base.buffer import buffered
from felhom_hub.base.endpoint import AsgiApp, ClientGoneError, Message, Receive, Scope, Send

HEADERS = [(b"content-type", b"text/plain")]


def answering(*parts: Message) -> AsgiApp:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        for part in parts:
            await send(part)

    return app


def start(status: int = 200, headers: list[tuple[bytes, bytes]] = HEADERS) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


def sent_by(
    app: AsgiApp,
    method: str = "GET",
    messages: list[Message] | None = None,
    limit: int = 1024,
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> list[Message]:
    sent: list[Message] = []
    left = list(messages if messages is not None else parts_of([b""]))

    async def receive() -> Message:
        return left.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": method, "headers": list(headers)}
    run(_awaited(buffered(app, limit=limit)(scope, receive, send)))
    return sent


async def _awaited(awaitable: Awaitable[None]) -> None:
    await awaitable


def test_the_app_hears_the_whole_body_at_once_and_then_that_the_client_is_gone() -> None:
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        heard.extend([await receive(), await receive(), await receive()])
        await send(start())
        await send(part(b"done"))

    sent_by(app, "POST", parts_of([b"a", b"", b"bc"]))

    assert heard == [{"type": "http.request", "body": b"abc", "more_body": False}, GONE, GONE]


def test_the_answer_is_sent_only_when_it_is_complete() -> None:
    order: list[str] = []

    def app(send_log: list[str]) -> AsgiApp:
        async def inner(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send(start())
            await send(part(b"one", more=True))
            await send(part(b"two"))
            send_log.append("app is done")

        return inner

    async def main() -> None:
        async def send(message: Message) -> None:
            order.append(message["type"])

        async def receive() -> Message:
            return parts_of([b""])[0]

        await buffered(app(order), limit=10)({"type": "http", "method": "GET", "headers": []}, receive, send)

    run(main())

    assert order == ["app is done", "http.response.start", "http.response.body"]


@pytest.mark.parametrize(
    ("method", "given", "headers", "body"),
    [
        ("GET", [start(), part(b"one", more=True), part(b"two")], [*HEADERS, (b"content-length", b"6")], b"onetwo"),
        ("GET", [start()], [*HEADERS, (b"content-length", b"0")], b""),
        (
            "GET",
            [start(headers=[(b"content-length", b"99"), *HEADERS]), part(b"short")],
            [*HEADERS, (b"content-length", b"5")],
            b"short",
        ),
        ("HEAD", [start(headers=[(b"content-length", b"99")]), part(b"")], [(b"content-length", b"99")], b""),
        ("HEAD", [start(), part(b"")], HEADERS, b""),
        ("GET", [start(204), part(b"")], HEADERS, b""),
        ("GET", [start(304), part(b"")], HEADERS, b""),
    ],
)
def test_the_answer_has_the_length_that_it_has(
    method: str, given: list[Message], headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    sent = sent_by(answering(*given), method)

    assert sent == [{**given[0], "headers": headers}, {"type": "http.response.body", "body": body}]


def test_a_body_at_the_limit_passes_and_one_byte_more_is_refused() -> None:
    called: list[Callable[..., object]] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        called.append(app)
        await send(start())
        await send(part((await receive())["body"]))

    within = run(call(buffered(app, limit=2048), "POST", body=b"x" * 2048))
    beyond = run(call(buffered(app, limit=2048), "POST", body=parts_of([b"x" * 2048, b"x"])))

    assert (within.status, within.body) == (200, b"x" * 2048)
    assert (beyond.status, beyond.json()) == (413, {"ok": False, "error": "The body is larger than 2 KiB"})
    assert called == [app]


def test_a_client_that_leaves_before_its_body_is_complete_never_reaches_the_app() -> None:
    with pytest.raises(ClientGoneError):
        sent_by(answering(start(), part(b"done")), "POST", [parts_of([b"a", b"b"])[0], GONE])


def test_an_app_that_answers_nothing_sends_nothing() -> None:
    assert sent_by(answering()) == []


def test_a_header_with_an_underscore_cannot_pass_for_one_with_a_dash() -> None:
    heard: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        heard.append(scope)
        await send(start())
        await send(part(b""))

    sent_by(app, headers=[(b"x_forwarded_for", b"10.0.0.1"), (b"x-forwarded-for", b"192.0.2.7")])

    assert heard[0]["headers"] == [(b"x-forwarded-for", b"192.0.2.7")]
