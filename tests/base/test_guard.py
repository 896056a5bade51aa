"""The connection's own rules, by a server in this process; tests/faults/ holds the whole hub to them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import uvicorn

from felhom_hub.base import guard
from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send, send_bytes

SHORT, LONG = 0.2, 60.0
GET = b"GET / HTTP/1.1\r\nhost: hub\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nhost: hub\r\ncontent-length: 5\r\n\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing ends by itself, unless a test says so."""
    for name in ("HEADER_SECONDS", "BODY_SECONDS", "STALL_SECONDS", "LINGER_SECONDS"):
        monkeypatch.setattr(guard, name, LONG)


@asynccontextmanager
async def serving(app: AsgiApp) -> AsyncIterator[Callable[[], Awaitable[Streams]]]:
    """Makes connections to a server of the app."""
    config = uvicorn.Config(app, http=guard.GuardedProtocol, lifespan="off", log_config=None, access_log=False)
    config.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: guard.GuardedProtocol(config, state, {}), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    opened: list[asyncio.StreamWriter] = []

    async def connect() -> Streams:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        opened.append(writer)
        return reader, writer

    try:
        yield connect
    finally:
        for writer in opened:
            writer.close()
        for connection in list(state.connections):
            connection.transport.abort()
        for task in list(state.tasks):
            task.cancel()
        await asyncio.gather(*state.tasks, return_exceptions=True)
        server.close()
        await server.wait_closed()


async def hello(_scope: Scope, receive: Receive, send: Send) -> None:
    """Reads its body, if the client lets it, and greets."""
    while (message := await receive()).get("more_body", False):
        pass
    if message["type"] == "http.request":
        await send_bytes(send, b"hello", status=200, headers=[])


async def refuse(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answers before anything of the body is read."""
    await send_bytes(send, b"no", status=401, headers=[])


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """All until the end, within a time that only a hang takes."""
    async with asyncio.timeout(30):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


def heard(app: AsgiApp, sent: bytes) -> bytes:
    """What a client hears that sends this and then waits for the connection's end."""

    async def main() -> bytes:
        async with serving(app) as connect:
            reader, writer = await connect()
            writer.write(sent)
            return await rest_of(reader)

    return asyncio.run(main())


@pytest.mark.parametrize("sent", [b"", GET[:5], GET[:-2]])
def test_headers_that_do_not_come_end_the_connection(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(guard, "HEADER_SECONDS", SHORT)

    assert heard(hello, sent) == b""


def test_the_next_requests_headers_have_a_deadline_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "HEADER_SECONDS", SHORT)

    async def main() -> bytes:
        async with serving(hello) as connect:
            reader, writer = await connect()
            writer.write(GET)
            await reader.readuntil(b"hello")
            writer.write(GET[:5])
            return await rest_of(reader)

    assert asyncio.run(main()) == b""


def test_body_that_does_not_come_is_answered_408(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", SHORT)
    monkeypatch.setattr(guard, "LINGER_SECONDS", SHORT)

    answer = heard(hello, POST + b"1234")

    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"connection: close" in answer


def test_rest_of_a_refused_body_has_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "HEADER_SECONDS", SHORT)

    assert heard(refuse, POST + b"1234").startswith(b"HTTP/1.1 401")


def test_connection_is_free_again_once_a_refused_body_is_here() -> None:
    async def main() -> tuple[bytes, bytes]:
        async with serving(refuse) as connect:
            reader, writer = await connect()
            writer.write(POST)
            first = await reader.readuntil(b"no")
            writer.write(b"12345" + GET)
            return first, await reader.readuntil(b"no")

    assert [answer[:12] for answer in asyncio.run(main())] == [b"HTTP/1.1 401", b"HTTP/1.1 401"]


def streaming(until_gone: asyncio.Event) -> AsgiApp:
    """A live stream with a heartbeat, which tells when its client has left."""

    async def watch(receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        until_gone.set()

    async def stream(_scope: Scope, receive: Receive, send: Send) -> None:
        watching = asyncio.create_task(watch(receive))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not watching.done():
            await send({"type": "http.response.body", "body": b"live", "more_body": True})
            await asyncio.wait({watching}, timeout=0.02)

    return stream


@pytest.mark.parametrize("behind", [b"", GET], ids=["alone", "with a request behind it"])
def test_live_stream_hears_that_its_client_left(behind: bytes) -> None:
    async def main() -> None:
        gone = asyncio.Event()
        async with serving(streaming(gone)) as connect, asyncio.timeout(30):
            reader, writer = await connect()
            writer.write(GET + behind)
            await reader.readuntil(b"live")
            writer.close()
            await gone.wait()

    asyncio.run(main())


def test_much_that_is_no_http_is_answered_once() -> None:
    """It is more than headers may be as well, which used to be written behind the end of the answer."""
    errors: list[object] = []

    async def main() -> bytes:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
        async with serving(hello) as connect, asyncio.timeout(30):
            reader, writer = await connect()
            writer.write(b"\x00" * (guard.HEADER_BYTES + 1))  # in one piece, as the loopback carries it
            return await reader.read()

    answer = asyncio.run(main())

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert errors == []


def test_live_stream_ends_when_its_client_ends_its_own_side() -> None:
    async def main() -> None:
        gone = asyncio.Event()
        async with serving(streaming(gone)) as connect, asyncio.timeout(30):
            reader, writer = await connect()
            writer.write(GET)
            await reader.readuntil(b"live")
            writer.write_eof()
            await gone.wait()

    asyncio.run(main())


def test_live_stream_is_left_alone_for_as_long_as_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEADER_SECONDS", "BODY_SECONDS", "STALL_SECONDS"):
        monkeypatch.setattr(guard, name, 0.25)  # longer than a busy machine keeps this request from being read

    async def notes(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(20):
            await send({"type": "http.response.body", "body": b"note", "more_body": True})
            await asyncio.sleep(0.05)  # several times each deadline together
        await send({"type": "http.response.body", "body": b"last"})

    closing = GET.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")

    assert heard(notes, closing).count(b"note") == 20
