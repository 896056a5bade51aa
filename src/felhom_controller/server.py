"""What the hub may ask of a controller: its live configuration, a new one, an update; with Bearer key, in bounds.

Which configuration is right is decided in `config`; what an update does, by whoever runs the server.
"""

import hmac
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from felhom_controller.config import ConfigError, ConfigFile

BODY_LIMIT_BYTES = 256 * 1024  # a controller.yaml has a few KB, and the YAML parser is slow
_LENGTH_DIGITS = 20  # Python refuses to read a number of thousands of digits
_REQUEST_SECONDS = 30.0  # from connection to answer, however slowly the client speaks
_MAX_CONNECTIONS = 32
_PLACE_SECONDS = 1.0
_DRAIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Box:
    """One controller as the hub sees it."""

    key: str
    config: ConfigFile
    request_update: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer."""

    status: HTTPStatus
    body: bytes
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


_ROUTES = {"/api/config": "GET", "/api/config/apply": "POST", "/api/selfupdate/update": "POST"}
_ALLOW = {"GET": "GET, HEAD", "POST": "POST"}


def _json(status: HTTPStatus, members: dict[str, Any], *headers: tuple[str, str]) -> Reply:
    return Reply(status, json.dumps(members, ensure_ascii=False).encode(), headers=headers)


def refusal(status: HTTPStatus, sentence: str, *headers: tuple[str, str]) -> Reply:
    """An answer in the contract's shape of errors."""
    return _json(status, {"ok": False, "error": sentence}, *headers)


class ControllerServer(ThreadingHTTPServer):
    """Answers the hub for the controllers that `find` knows: from a request's path to the box and the path on it.

    Connections over the limit wait a moment and are closed then; each has half a minute in all.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], find: Callable[[str], tuple[Box, str] | None]) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.find = find
        self._places = threading.BoundedSemaphore(_MAX_CONNECTIONS)
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._places.acquire(timeout=_PLACE_SECONDS):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        # One deadline for the whole exchange: a time limit on each read would let a byte a second go on for ever.
        deadline = threading.Timer(_REQUEST_SECONDS, _hang_up, (request,))
        deadline.daemon = True
        deadline.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            deadline.cancel()
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no event; nothing of the request is written anywhere."""


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class _Handler(BaseHTTPRequestHandler):
    server: ControllerServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two writes, and the second would wait for an acknowledgement
    server_version, sys_version = "felhom-controller", ""

    def do_GET(self) -> None:
        self._answer(self._reply())

    # Every method is answered by the same table, so that a wrong one is a 405 in the contract's shape.
    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815 - http.server's names

    def _reply(self) -> Reply:
        found = self.server.find(self.path.partition("?")[0])
        allowed = None if found is None else _ROUTES.get(found[1])
        if found is None or allowed is None:
            return refusal(HTTPStatus.NOT_FOUND, "there is no such address on this controller")
        box, path = found
        given = self.headers.get("Authorization", "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, f"Bearer {box.key}".encode()):
            return refusal(
                HTTPStatus.UNAUTHORIZED,
                "the key of this controller is needed: Authorization: Bearer KEY",
                ("WWW-Authenticate", "Bearer"),
            )
        if self.command != allowed and not (self.command == "HEAD" and allowed == "GET"):
            sentence = f"{path} answers {allowed} only"
            return refusal(HTTPStatus.METHOD_NOT_ALLOWED, sentence, ("Allow", _ALLOW[allowed]))
        if path == "/api/config":
            return _live(box)
        body = self._body()
        if isinstance(body, Reply):
            return body
        return _applied(box, body) if path == "/api/config/apply" else _update_wished(box)

    def _body(self) -> bytes | Reply:
        length = self.headers.get("Content-Length", "")
        if self.headers.get("Transfer-Encoding") or not (length.isascii() and length.isdigit()):
            return refusal(HTTPStatus.BAD_REQUEST, "the request needs a Content-Length, and no Transfer-Encoding")
        if len(length) > _LENGTH_DIGITS or int(length) > BODY_LIMIT_BYTES:
            return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body may have {BODY_LIMIT_BYTES} bytes at most")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            return refusal(HTTPStatus.BAD_REQUEST, "the body ended before its Content-Length")
        return body

    def _answer(self, reply: Reply) -> None:
        # One exchange a connection: what a refused client still sends is never taken for its next request.
        self.close_connection = True
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        self._drain()

    def _drain(self) -> None:
        """Read a little of what was refused unread: closing on unread bytes would reset the answer with it."""
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(_DRAIN_SECONDS)
            left = 2 * BODY_LIMIT_BYTES
            while left > 0 and (piece := self.connection.recv(65_536)):
                left -= len(piece)
        except OSError:
            return

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server refuses by itself (a malformed request) has the contract's shape too."""
        del explain
        self.command = getattr(self, "command", None) or ""
        self._answer(refusal(HTTPStatus(code), message or HTTPStatus(code).phrase))

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
        """Requests are not logged one by one."""


def _not_now(sentence: str) -> Reply:
    return refusal(HTTPStatus.SERVICE_UNAVAILABLE, sentence, ("Retry-After", "60"))


def _live(box: Box) -> Reply:
    try:
        content = box.config.read()
    except OSError as error:
        return _not_now(f"the configuration cannot be read now: {error.strerror}")
    if content is None:
        return refusal(HTTPStatus.NOT_FOUND, "no configuration has been applied here yet")
    return Reply(HTTPStatus.OK, content, "application/x-yaml; charset=utf-8")


def _applied(box: Box, body: bytes) -> Reply:
    try:
        box.config.apply(body)
    except ConfigError as error:
        return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    except OSError as error:
        return _not_now(f"the configuration cannot be written now: {error.strerror}")
    return _json(HTTPStatus.OK, {"ok": True, "config_hash": box.config.hash()})


def _update_wished(box: Box) -> Reply:
    try:
        box.request_update()
    except OSError as error:
        return _not_now(f"the wish for an update cannot be noted now: {error.strerror}")
    return _json(HTTPStatus.OK, {"ok": True})
