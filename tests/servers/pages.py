"""A server of a few pages on the loopback, which answers by a table and keeps every request's head."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Page:
    """An answer."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Pages:
    """`answer` makes a page of path (with its query) and headers (in lower case)."""

    port: int = 0
    answer: Callable[[str, dict[str, str]], Page] = lambda _path, _headers: Page(404)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def signed(self) -> list[str]:
        """The Authorization headers that came."""
        return [headers["authorization"] for _, headers in self.requests if "authorization" in headers]


class _Handler(BaseHTTPRequestHandler):
    pages: Pages

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.pages.requests.append((self.path, headers))
        page = self.pages.answer(self.path, headers)
        with contextlib.suppress(OSError):
            self.send_response(page.status)
            for name, value in {"Content-Length": str(len(page.body)), **page.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page.body)

    def log_message(self, *_args: object) -> None:
        """Nothing: the tests look at what came."""


@contextlib.contextmanager
def running_pages() -> Iterator[Pages]:
    """The server, on a free port."""
    pages = Pages()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"pages": pages}))
    pages.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield pages
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
