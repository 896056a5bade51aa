"""Stands in front of everything: a slow or greedy client gets its error or its end, and costs nobody else anything.

Watches the connection: headers and bodies that do not arrive, answers that are not read, bodies that nobody asked for.
Content-Length is never trusted. Live streams are left alone as long as they are read. What bodies take together is
watched by `budget.py`.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from felhom_hub.base.endpoint import error_document, to_json
from felhom_hub.base.pace import is_interrupted
from felhom_hub.base.writer import retry_after

HEADER_SECONDS = 10.0  # from a connection's or a request's first byte to the end of its headers
BODY_SECONDS = 20.0  # for the whole body after the headers; 4 MiB in it is 200 KB/s
STALL_SECONDS = 20.0  # that what was written of an answer may lie unread
LINGER_SECONDS = 10.0  # for a client to read its last answer and go
STOPPING_SECONDS = 2.0  # for a body that is half here when the hub stops
HEADER_BYTES = 64 * 1024
# What a client may still send after its answer (a refused report of 4 MiB), so that it gets to read the answer
# before the connection ends: closing earlier would make its kernel throw the answer away.
UNASKED_BYTES = 8 * 1024 * 1024

_LATE = f"The body did not arrive within {BODY_SECONDS:.0f} seconds"
STOPPING = "The hub is stopping; send it again"
_NOT_HTTP = "This is not HTTP/1.1"
HEADERS_TOO_LARGE = f"The request's headers are larger than {HEADER_BYTES // 1024} KiB"


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 with deadlines on the connection itself."""

    _deadline: asyncio.TimerHandle | None = None  # of headers, and of what a client still sends after its answer
    _late: asyncio.TimerHandle | None = None  # of a body
    _stall: asyncio.TimerHandle | None = None  # of an answer
    _running: RequestResponseCycle | None = None  # whose answer is next; `cycle` is the request that came last
    _header_bytes = 0
    _unasked = 0
    _is_lingering = False  # only reads on, to throw it away
    _is_stopping = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Starts the clock for the first request's headers."""
        super().connection_made(transport)
        self._expect_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends all clocks."""
        self._cancel_deadline()
        self._cancel_late()
        self._cancel_stall()
        super().connection_lost(exc)
        if self._running is not None and not self._running.response_complete:
            # uvicorn tells the newest of pipelined requests only.
            self._running.disconnected = True
            self._running.message_event.set()

    def data_received(self, data: bytes) -> None:
        """Counts what comes before the headers are complete, and what comes behind the last answer."""
        if self._is_lingering:
            self._throw_away(len(data))
            return
        super().data_received(data)
        if self._is_lingering:
            return  # it was no HTTP, and its answer is on the way
        if self._between_requests():
            # Only for what did not come whole: most requests do, and then no clock has to be started and stopped.
            self._expect_headers()
            self._header_bytes += len(data)
            if self._header_bytes > HEADER_BYTES:
                self._answer_and_end(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, HEADERS_TOO_LARGE)
        elif self._late is None and self._waits_for_body():
            self._late = self.loop.call_later(BODY_SECONDS, self._end_late_body)

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn closes, which is what None says
        """A client may end its side behind the request and still wait for the answer (RFC 9293, 3.6): true keeps ours.

        An answer that has begun and whose length is not known is a live stream: to it that end means the client left.
        """
        cycle = self.cycle
        if cycle is None or cycle.more_body or (cycle.response_started and cycle.chunked_encoding):
            return False
        cycle.keep_alive = False
        return True

    def on_headers_complete(self) -> None:
        """The headers are here: from now on the body's deadline counts."""
        self._header_bytes = 0
        self._unasked = 0
        self._cancel_deadline()
        if self._stall is not None and self.transport.get_write_buffer_size() == 0:
            self._cancel_stall()  # the answer before has been read
        super().on_headers_complete()
        if is_interrupted():
            self.cycle.keep_alive = False  # whoever sends the next request finds another hub
        self.cycle.transport = _GentleTransport(self.transport, self._end_gently, self.loop)  # type: ignore[assignment]  # the part of it that a cycle uses

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def on_body(self, body: bytes) -> None:
        """Throws away what comes after the answer, up to a limit."""
        if self.cycle.response_complete:
            self._throw_away(len(body))
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is here to its end; after an early answer the connection is free for the next one."""
        self._cancel_late()
        super().on_message_complete()
        self.cycle.more_body = False  # uvicorn leaves it as it was where the answer came first
        if self.cycle.response_complete:
            self._cancel_deadline()
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def on_response_complete(self) -> None:
        """An answer that lies in the buffer has to be read, and the rest of its request has to come, in time."""
        super().on_response_complete()
        if self.transport.get_write_buffer_size() > 0:
            self._start_stall()
        if self.cycle.response_complete and self.cycle.more_body and not self.transport.is_closing():
            self._unset_keepalive_if_required()
            self._expect_headers()

    def pause_writing(self) -> None:
        """The client does not read: it has a while to begin again."""
        self._start_stall()
        super().pause_writing()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._cancel_stall()
        super().resume_writing()

    def shutdown(self) -> None:
        """The hub stops: a body that is only half here has a moment left to come in."""
        self._is_stopping = True
        super().shutdown()
        if self._is_lingering:
            self.transport.close()
        elif self._waits_for_body():
            self._cancel_late()
            self._late = self.loop.call_later(STOPPING_SECONDS, self._end_late_body)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's signature
        """What is not HTTP is told so in the one shape of errors, once the request before it has its answer."""
        if self._waits_for_body():
            self._abandon(HTTPStatus.BAD_REQUEST, _NOT_HTTP)
        elif self._between_requests():
            self._answer_and_end(HTTPStatus.BAD_REQUEST, _NOT_HTTP)
        else:
            self.cycle.keep_alive = False
            self._is_lingering = True

    def _unsupported_upgrade_warning(self) -> None:
        """Not worth uvicorn's two lines of log: the request is answered, its connection used no further."""
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def _between_requests(self) -> bool:
        return self.cycle is None or (self.cycle.response_complete and not self.cycle.more_body)

    def _throw_away(self, size: int) -> None:
        self._unasked += size
        if self._unasked > UNASKED_BYTES:
            self.transport.abort()

    def _waits_for_body(self) -> bool:
        return self.cycle is not None and self.cycle.more_body and not self.cycle.response_complete

    def _end_late_body(self) -> None:
        self._late = None
        if self._is_stopping:
            self._abandon(HTTPStatus.SERVICE_UNAVAILABLE, STOPPING)
        else:
            self._abandon(HTTPStatus.REQUEST_TIMEOUT, _LATE)

    def _abandon(self, status: HTTPStatus, sentence: str) -> None:
        """Answers in the place of whoever waits for the body, who learns that the client is gone."""
        cycle = self.cycle
        cycle.disconnected = True
        cycle.message_event.set()
        if cycle.response_started or self.pipeline:
            self.transport.close()
        else:
            self._answer_and_end(status, sentence)

    def _answer_and_end(self, status: HTTPStatus, sentence: str) -> None:
        if not self.transport.is_closing():
            self.transport.write(_last_answer(status, sentence))
            self._linger()

    def _end_gently(self) -> None:
        """As close(), but a client that is still sending gets to read its answer first."""
        if self.cycle.more_body and self.cycle.response_complete and not self.transport.is_closing():
            self._linger()
        else:
            self.transport.close()

    def _linger(self) -> None:
        self._is_lingering = True
        self._cancel_deadline()
        seconds = STOPPING_SECONDS if self._is_stopping else LINGER_SECONDS
        self._deadline = self.loop.call_later(seconds, self.transport.abort)
        self.transport.write_eof()

    def _expect_headers(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEADER_SECONDS, self.transport.abort)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _cancel_late(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _start_stall(self) -> None:
        if self._stall is None:
            self._stall = self.loop.call_later(STALL_SECONDS, self._end_if_stalled)

    def _cancel_stall(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _end_if_stalled(self) -> None:
        self._stall = None
        if self.transport.get_write_buffer_size() > 0:
            self.transport.abort()


class _GentleTransport:
    """The connection as a request's cycle sees it: `close` is ours, and what is written too late is lost in silence.

    The head of an answer waits for what comes right behind it, since each call to the kernel costs as much as reading
    the request did. What comes later, as in a live stream, does not hold it up.
    """

    __slots__ = ("_close", "_head", "_loop", "_transport", "is_closing")

    def __init__(
        self, transport: asyncio.Transport, close: Callable[[], None], loop: asyncio.AbstractEventLoop
    ) -> None:
        self._transport = transport
        self._loop = loop
        self._head: bytes | None = None  # before the answer; then what of it waits
        self._close = close
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        if self._head is None:
            self._head = data
            self._loop.call_soon(self._write_head)
        elif not self.is_closing():
            self._transport.write(self._head + data)
            self._head = b""

    def close(self) -> None:
        self._write_head()
        self._close()

    def _write_head(self) -> None:
        if self._head and not self.is_closing():
            self._transport.write(self._head)
            self._head = b""


def _last_answer(status: HTTPStatus, sentence: str) -> bytes:
    """A refusal as bytes, for when there is no request to answer."""
    body = to_json(error_document(sentence))
    later = f"retry-after: {retry_after()}\r\n" if status == HTTPStatus.SERVICE_UNAVAILABLE else ""
    head = (
        f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: application/json; charset=utf-8\r\n"
        f"content-length: {len(body)}\r\n{later}connection: close\r\n\r\n"
    )
    return head.encode() + body
