"""A stand-in for Resend's API on the loopback, which honours idempotency keys and can be as ill as a real one.

`provider.behave("drop", 429, "ok")` says how the next requests are answered; afterwards, and without it, all is well.
"""

import contextlib
import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "re_the_key_of_the_tests"


@dataclass
class Provider:
    """What came and what was accepted; `behaviours` are a status, or a word of `_behave`."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    accepted: dict[str, dict[str, Any]] = field(default_factory=dict)  # by idempotency key
    behaviours: deque[str | int] = field(default_factory=deque)
    headers: dict[str, str] = field(default_factory=dict)  # of refusals
    is_down: bool = False
    asked: threading.Event = field(default_factory=threading.Event)  # a first request is there
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def behave(self, *behaviours: str | int) -> None:
        self.behaviours.extend(behaviours)

    def accept(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """As Resend documents it: the same key and body give the same answer, another body is a conflict."""
        with self.lock:
            known = self.accepted.setdefault(key, body)
        if known != body:
            return 409, {"name": "invalid_idempotent_request", "message": "Same idempotency key, other payload"}
        return 200, {"id": f"re-{key}"}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers.get("Idempotency-Key", "")
        self.provider.requests.append({"path": self.path, "key": key, "body": body})
        self.provider.asked.set()
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            self._answer(401, {"message": "API key is invalid"})
            return
        behaviour = self.provider.behaviours.popleft() if self.provider.behaviours else "ok"
        if self.provider.is_down:
            behaviour = 503
        self._behave(behaviour, key, body)

    def _behave(self, behaviour: str | int, key: str, body: dict[str, Any]) -> None:
        if isinstance(behaviour, int):
            self._answer(behaviour, {"message": f"told to answer {behaviour}"}, self.provider.headers)
        elif behaviour == "hang":
            self.provider.released.wait(60)
            self.close_connection = True
        elif behaviour == "redirect":
            self._answer(307, {}, {"Location": f"{self.provider.url}/elsewhere"})
        else:
            status, answer = self.provider.accept(key, body)
            if behaviour == "drop":
                self.close_connection = True
            elif behaviour == "stall":  # accepted, and not a word about it
                self.provider.released.wait(60)
                self.close_connection = True
            elif behaviour == "drip":
                self._drip()
            else:
                if behaviour == "slow":
                    time.sleep(0.5)
                self._answer(status, answer)

    def _drip(self) -> None:
        """An answer that comes byte by byte, and never ends by itself."""
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        with contextlib.suppress(OSError):
            while not self.provider.released.wait(0.02):
                self.wfile.write(b" ")

    def _answer(self, status: int, answer: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Nothing: the tests look at what came."""


@contextlib.contextmanager
def running_resend() -> Iterator[Provider]:
    """The provider, on a free port."""
    provider = Provider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        provider.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
