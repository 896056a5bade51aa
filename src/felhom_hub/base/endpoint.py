"""The one JSON shape of answers and errors, for raw ASGI endpoints and for Django's views (contract 1.4)."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import wraps
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse

from felhom_hub.base.current import request_id
from felhom_hub.base.errors import ApiError, MethodNotAllowed
from felhom_hub.base.writer import is_away, plain_reason, unavailable

log = structlog.get_logger(__name__)


class ClientGoneError(OSError):
    """The sender closed the connection before its body was complete; there is nobody to answer."""


Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
View = Callable[..., HttpResponse]

_encode = msgspec.json.Encoder().encode
_JSON = (b"content-type", b"application/json; charset=utf-8")


def _failed() -> str:
    own_id = request_id.get()
    return f"The hub failed at this; the cause is in its log{f', under {own_id}' if own_id else ''}"


def to_json(document: Any) -> bytes:
    """The document as UTF-8 JSON."""
    return _encode(document)


def error_document(sentence: str) -> dict[str, Any]:
    """The body of every refusal."""
    return {"ok": False, "error": sentence}


async def send_json(send: Send, document: Any, *, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> None:
    """The whole answer is sent."""
    body = _encode(document)
    await send_bytes(
        send, body, status=status, headers=[_JSON, *((k.lower().encode(), v.encode()) for k, v in headers)]
    )


async def send_bytes(send: Send, body: bytes, *, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    """The whole answer is sent, with its length."""
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


async def send_error(send: Send, error: ApiError) -> None:
    """The refusal is sent in the one shape."""
    await send_json(send, error_document(error.sentence), status=error.status, headers=error.headers)


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of that (lower-case) name, as Latin-1 text."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def asgi_endpoint(*methods: str) -> Callable[[AsgiApp], AsgiApp]:
    """Wraps a raw ASGI handler: other methods are refused, and what it raises is answered in the one shape."""

    def decorate(handler: AsgiApp) -> AsgiApp:
        @wraps(handler)
        async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                _require_method(scope["method"], methods, methods)
                await handler(scope, receive, send)
            except ApiError as error:
                await send_error(send, error)
            except ClientGoneError:
                raise
            except Exception:
                log.exception("endpoint_failed", path=scope["path"])
                await send_json(send, error_document(_failed()), status=HTTPStatus.INTERNAL_SERVER_ERROR)

        return endpoint

    return decorate


def _require_method(method: str, possible: tuple[str, ...], named: tuple[str, ...]) -> None:
    if method not in possible:
        raise MethodNotAllowed(method, named)


def json_response(document: Any, *, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> HttpResponse:
    """A Django response in the one shape; never kept by caches."""
    response = HttpResponse(_encode(document), status=status, content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "no-store"
    for name, value in headers:
        response[name] = value
    return response


def _refusal(error: ApiError) -> HttpResponse:
    return json_response(error_document(error.sentence), status=error.status, headers=error.headers)


def json_endpoint(*methods: str) -> Callable[[View], View]:
    """Wraps a Django view in the same way; HEAD is answered wherever GET is."""
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorate(view: View) -> View:
        @wraps(view)
        def endpoint(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                _require_method(request.method or "", allowed, methods)
                return view(request, *args, **kwargs)
            except ApiError as error:
                return _refusal(error)
            except (DatabaseError, InterfaceError) as error:
                if not is_away(error):
                    raise
                connection.close()
                # Its own word is all there is to know, and each request says it again: no traceback.
                log.error("database_unavailable", reason=str(error), path=request.path)  # noqa: TRY400
                return _refusal(unavailable(f"The database cannot be read now ({plain_reason(error)})"))

        return endpoint

    return decorate
