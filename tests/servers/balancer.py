"""A small load balancer for HTTP: each request goes to one hub that says it is ready, on a connection of its own.

It is as strict as it can be: a hub that does not take the connection is passed over, and what was once sent is never
sent a second time. So whatever a hub loses, the client sees as a 502.
"""

import contextlib
import http.client
import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOK_SECONDS = 0.05
SECONDS = 60.0


@dataclass
class Balancer:
    """`taken_by` is how many requests each port has answered; `lost` what went wrong behind a connection."""

    ports: tuple[int, ...]
    port: int = 0
    ready: set[int] = field(default_factory=set)
    taken_by: dict[int, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    _turn: "itertools.count[int]" = field(default_factory=itertools.count)

    def in_turn(self) -> list[int]:
        """The hubs that are ready, the one whose turn it is first; then the others, which may be ready by now."""
        first = next(self._turn)
        ordered = [self.ports[(first + n) % len(self.ports)] for n in range(len(self.ports))]
        return sorted(ordered, key=lambda port: port not in self.ready)

    def look(self, port: int) -> None:
        try:
            status = _exchange(port, "GET", "/readyz", None, {}).status
        except (OSError, http.client.HTTPException):
            status = 0
        (self.ready.add if status == http.HTTPStatus.OK else self.ready.discard)(port)


def _exchange(
    port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.connect()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            response.content = response.read()  # type: ignore[attr-defined]  # kept with its answer
        except (OSError, http.client.HTTPException) as error:
            raise BrokenPipeError(f"{port}: {type(error).__name__} {error}") from error
        return response
    finally:
        connection.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    balancer: Balancer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {"Authorization": self.headers["Authorization"]}
        status, content = 502, b"{}"
        for port in self.balancer.in_turn():
            try:
                response = _exchange(port, "POST", self.path, body, headers)
            except ConnectionRefusedError:
                continue
            except BrokenPipeError as error:
                self.balancer.lost.append(str(error))
                break
            status, content = response.status, response.content  # type: ignore[attr-defined]  # as above
            self.balancer.taken_by[port] = self.balancer.taken_by.get(port, 0) + 1
            break
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Nothing: the tests look at what came."""


@contextlib.contextmanager
def running_balancer(*ports: int) -> Iterator[Balancer]:
    """The balancer, on a free port, in front of these ports of 127.0.0.1."""
    balancer, ending = Balancer(ports), threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"balancer": balancer}))
    balancer.port = server.server_address[1]

    def look(port: int) -> None:
        while not ending.is_set():
            balancer.look(port)
            ending.wait(LOOK_SECONDS)

    threads = [threading.Thread(target=look, args=(port,)) for port in ports]
    threads.append(threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}))
    for thread in threads:
        thread.start()
    try:
        yield balancer
    finally:
        ending.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()
