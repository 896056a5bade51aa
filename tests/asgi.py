"""Calls an ASGI app within this process in the way a server does, and runs what is asynchronous."""

import asyncio
import json
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connections

from felhom_hub.base.endpoint import AsgiApp, Message, Receive, Scope

Result = TypeVar("Result")
GONE: Message = {"type": "http.disconnect"}


@dataclass(frozen=True)
class Answer:
    """What the client reads; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as a document."""
        return json.loads(self.body)


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """The result of `main`, on a loop whose one helper thread leaves no database connection behind."""
    with asyncio.Runner() as runner, ThreadPoolExecutor(1) as pool:
        runner.get_loop().set_default_executor(pool)
        try:
            return runner.run(main)
        finally:
            pool.submit(connections.close_all).result()


def scope_of(
    method: str = "GET",
    path: str = "/",
    *,
    headers: Mapping[str, str] | None = None,
    client: tuple[str, int] | None = ("127.0.0.1", 40_000),
) -> Scope:
    """A request's scope."""
    pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": pairs,
        "client": client,
        "server": ("127.0.0.1", 8080),
    }


def parts_of(chunks: Sequence[bytes]) -> list[Message]:
    """The messages of a body that comes in these chunks."""
    last = len(chunks) - 1
    return [
        {"type": "http.request", "body": chunk, "more_body": index < last}
        for index, chunk in enumerate(chunks or [b""])
    ]


def receiving(messages: Sequence[Message]) -> Receive:
    """A client that sends these and is gone after them."""
    left = list(messages)

    async def receive() -> Message:
        return left.pop(0) if left else GONE

    return receive


async def call(
    app: AsgiApp,
    method: str = "GET",
    path: str = "/",
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | Sequence[Message] = b"",
    client: tuple[str, int] | None = ("127.0.0.1", 40_000),
) -> Answer:
    """What the app answers; `body` may also be the messages that it comes in."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    messages = parts_of([body]) if isinstance(body, bytes) else body
    await app(scope_of(method, path, headers=headers, client=client), receiving(messages), send)
    start, *rest = sent
    answered = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], answered, b"".join(part.get("body", b"") for part in rest))
