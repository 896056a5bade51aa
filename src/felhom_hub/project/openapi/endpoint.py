"""`GET /api/v1/openapi.json`: the description of the API, made once; no key is needed, since it holds no secret."""

from functools import lru_cache

from django.conf import settings

from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send, asgi_endpoint, send_bytes, to_json
from felhom_hub.project.openapi.document import openapi_document

# A new version of the hub may bring another description; for five minutes nobody needs to know.
_HEADERS = [
    (b"content-type", b"application/json; charset=utf-8"),
    (b"cache-control", b"public, max-age=300"),
]


def openapi_endpoint() -> AsgiApp:
    """The endpoint."""

    @asgi_endpoint("GET", "HEAD")
    async def openapi(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send_bytes(send, _document(), status=200, headers=_HEADERS)

    return openapi


@lru_cache(maxsize=1)
def _document() -> bytes:
    return to_json(openapi_document(server_url=settings.HUB.server.public_url))
