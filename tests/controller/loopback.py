"""A hub on the loopback that writes down what it is sent, and answers as a test tells it."""

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

_WAIT_SECONDS = 30.0


@dataclass(frozen=True)
class Request:
    path: str
    authorization: str | None
    body: bytes

    @property
    def members(self) -> dict[str, Any]:
        return msgspec.json.decode(self.body, type=dict[str, Any])


@dataclass(frozen=True)
class Told:
    """One answer; status 0 hangs up without any."""

    status: int = 200
    body: bytes = b'{"ok": true}'
    headers: dict[str, str] = field(default_factory=dict)


class LoopbackHub:
    """Requests so far, and the answers to come: those of `next_answers` first, then `usual`."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.downloads: list[tuple[str, str | None]] = []
        self.own_headers: list[dict[str, str]] = []  # those of the downloads that begin with X-
        self.next_answers: deque[Told] = deque()
        self.usual = Told()
        self.pages: dict[str, Told] = {}  # what a GET finds, by path
        self.changed = threading.Condition()
        self.url = ""
        self.connections = 0

    def take(self, request: Request) -> Told:
        with self.changed:
            self.requests.append(request)
            self.changed.notify_all()
            return self.next_answers.popleft() if self.next_answers else self.usual

    def wait_until(self, is_there: Callable[[list[Request]], bool]) -> list[Request]:
        """The requests, once they are what the test waits for."""
        with self.changed:
            assert self.changed.wait_for(lambda: is_there(self.requests), _WAIT_SECONDS), "the hub was not sent it"
            return list(self.requests)


@contextmanager
def running_hub(
    port: int = 0, *, kind: type[LoopbackHub] = LoopbackHub, answers: Sequence[Told] = ()
) -> Iterator[LoopbackHub]:
    """A hub that listens on 127.0.0.1 inside the block; `answers` are its first ones."""
    hub = kind()
    hub.next_answers.extend(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _WAIT_SECONDS
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            with hub.changed:
                hub.connections += 1

        def do_GET(self) -> None:
            missing = Told(404, b'{"ok": false, "error": "not here"}')
            with hub.changed:
                hub.downloads.append((self.path, self.headers.get("Authorization")))
                hub.own_headers.append({name: text for name, text in self.headers.items() if name.startswith("X-")})
                hub.changed.notify_all()
            self._tell(hub.pages.get(self.path, missing))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._tell(hub.take(Request(self.path, self.headers.get("Authorization"), body)))

        def _tell(self, told: Told) -> None:
            if told.status == 0:
                self.close_connection = True
                return
            self.send_response(told.status)
            for name, value in {**told.headers, "Content-Length": str(len(told.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
            del format, arguments

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 256

        def handle_error(self, request: Any, client_address: Any) -> None:
            if not isinstance(sys.exception(), ConnectionError):  # a killed client hangs up as it likes
                super().handle_error(request, client_address)

    with Server(("127.0.0.1", port), Handler) as server:
        hub.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
