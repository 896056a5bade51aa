"""Clients that a hub meets: `talk` puts any bytes on a raw socket, `Reporter` sends reports without pause, keep-alive.

Everything is bounded in time and closes what it opened.
"""

import contextlib
import http.client
import json
import select
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

_CHUNK = 65536


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, read to its end."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Talk:
    """What came back on one connection, and how it ended: by the hub's FIN, its RST, or not at all."""

    answers: tuple[Answer, ...]
    ended: Literal["closed", "reset", "open"]
    unsent: int  # bytes that the hub did not take any more
    seconds: float

    @property
    def statuses(self) -> list[int]:
        return [answer.status for answer in self.answers]


def request_bytes(method: str, path: str, body: bytes = b"", *, key: str | None = None, **headers: str) -> bytes:
    """A whole request; `headers` are written with _ for -. Content-Length is added unless a length is given."""
    sent = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    if key is not None:
        sent["authorization"] = f"Bearer {key}"
    if body and not sent.keys() & {"content-length", "transfer-encoding"}:
        sent["content-length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", *(f"{name}: {value}" for name, value in sent.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def chunked(body: bytes, size: int) -> bytes:
    """The body in chunks of `size`, ended."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def talk(
    port: int,
    data: bytes,
    *,
    answers: int = 1,
    read_late: bool = False,
    half_close: bool = False,
    seconds: float = 20.0,
) -> Talk:
    """Sends `data` while reading; over after so many `answers`, when the hub ends the connection, or after `seconds`.

    With `read_late` nothing is read before all is sent, as ordinary clients do; with `half_close` the sending side is
    shut down behind the data. 100 (Continue) is not counted as an answer.
    """
    began = time.monotonic()
    received, rest = b"", memoryview(data)
    ended: Literal["closed", "reset", "open"] = "open"
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.setblocking(False)
        while (left := began + seconds - time.monotonic()) > 0:
            listening = [] if rest and read_late else [connection]
            readable, writable, _ = select.select(listening, [connection] if rest else [], [], left)
            try:
                if readable:
                    chunk = connection.recv(_CHUNK)
                    if not chunk:
                        ended = "closed"
                        break
                    received += chunk
                if writable:
                    rest = rest[connection.send(rest[:_CHUNK]) :]
                    if half_close and not rest:
                        connection.shutdown(socket.SHUT_WR)
                if not rest and len(answers_in(received)) >= answers:
                    break
            except ConnectionError:
                ended = "reset"
                break
    return Talk(tuple(answers_in(received)), ended, len(rest), time.monotonic() - began)


def answers_in(received: bytes) -> list[Answer]:
    """The complete answers at the beginning of `received`, without 100 (Continue)."""
    found: list[Answer] = []
    while b"\r\n\r\n" in received:
        head, _, rest = received.partition(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status, length = int(status_line.split(" ")[1]), int(headers.get("content-length", "0"))
        if len(rest) < length:
            break
        received = rest[length:]
        if status != http.HTTPStatus.CONTINUE:
            found.append(Answer(status, headers, rest[:length]))
    return found


@dataclass
class Reporter:
    """Posts what `next_request` makes (path, body), one by one, until it is stopped; makes a lost connection anew."""

    port: int
    key: str
    next_request: Callable[[], tuple[str, bytes]]
    accepted: list[tuple[str, bytes]] = field(default_factory=list)  # answered 200
    unanswered: list[tuple[str, bytes]] = field(default_factory=list)  # sent, but the connection broke
    statuses: "Counter[int]" = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self, seconds: float = 60.0) -> None:
        """It has stopped, its last request included."""
        assert self._thread is not None
        self._stop.set()
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "a request hangs"

    def _run(self) -> None:
        while not self._stop.is_set():
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)) as connection:
                self._send_until_broken(connection)

    def _send_until_broken(self, connection: http.client.HTTPConnection) -> None:
        headers = {"Authorization": f"Bearer {self.key}"}
        while not self._stop.is_set():
            path, body = self.next_request()
            began = time.monotonic()
            try:
                connection.request("POST", path, body, headers)
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException):
                self.unanswered.append((path, body))
                self._stop.wait(0.02)  # the hub is away: not a busy loop
                return
            self.seconds.append(time.monotonic() - began)
            self.statuses[response.status] += 1
            if response.status == http.HTTPStatus.OK:
                self.accepted.append((path, body))
