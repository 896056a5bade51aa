"""A full buffer on both sides of Django: no thread of its pool ever waits for a client.

What lies in it counts as the request's memory, and goes to the client slice by slice: a client that takes none is
noticed by the guard, and one that takes its time is not.
"""

from http import HTTPStatus

from felhom_hub.base.budget import count_memory
from felhom_hub.base.endpoint import AsgiApp, ClientGoneError, Message, Receive, Scope, Send, send_error
from felhom_hub.base.errors import TooLarge

# What the guard's STALL_SECONDS apply to: in 20 s this is 100 kbit/s, a poor line but no trickle.
SLICE_BYTES = 256 * 1024

_BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


def buffered(app: AsgiApp, *, limit: int) -> AsgiApp:
    """`app`, which is called with the whole body at hand and whose answer is sent when it is complete.

    A body over `limit` bytes is refused with 413 before `app` hears of it.
    """

    async def buffer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _whole_body(receive, limit)
        except TooLarge as error:
            await send_error(send, error)
            return
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await app({**scope, "headers": _unambiguous(scope["headers"])}, _replay(body), keep)
        if answer:
            content = b"".join(part.get("body", b"") for part in answer[1:])
            headers = [
                pair for pair in answer[0]["headers"] if pair[0] != b"content-length" or scope["method"] == "HEAD"
            ]
            if scope["method"] != "HEAD" and answer[0]["status"] not in _BODILESS:
                headers.append((b"content-length", b"%d" % len(content)))
            answer[1:] = []
            count_memory(scope, len(content))
            await send({**answer[0], "headers": headers})
            await _send_slices(send, content)

    return buffer


async def _send_slices(send: Send, content: bytes) -> None:
    start = 0
    while len(content) - start > SLICE_BYTES:
        part = content[start : start + SLICE_BYTES]
        await send({"type": "http.response.body", "body": part, "more_body": True})
        start += SLICE_BYTES
    await send({"type": "http.response.body", "body": content[start:]})


def _unambiguous(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Without names that hold an underscore: WSGI writes dashes so, and X_Forwarded_For would pass for the real one.

    nginx and Django's own server drop them for the same reason.
    """
    return [header for header in headers if b"_" not in header[0]]


async def _whole_body(receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError("the client left before its request was complete")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            raise TooLarge(f"The body is larger than {limit // 1024} KiB")
        if not message.get("more_body", False):
            return b"".join(chunks)


def _replay(body: bytes) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive
