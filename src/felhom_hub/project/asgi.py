"""The way in: guard first, then the raw endpoints by path, then Django in its pool of threads."""

import os
from collections.abc import Mapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from felhom_hub.base.budget import guarded
from felhom_hub.base.buffer import buffered
from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send
from felhom_hub.base.request_ids import identified

# Eight threads keep eight database connections; more did not answer faster on two cores (decision 0002).
DJANGO_THREADS = 8
DJANGO_BODY_BYTES = 1024 * 1024
# An asset of 4 MiB in a form; what is a little larger still gets a page that says so.
UPLOAD_BODY_BYTES = 6 * 1024 * 1024
_UPLOAD_PATH = "/assets"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "felhom_hub.project.settings")


def django_app() -> AsgiApp:
    """Django as a WSGI application in a pool of lasting threads."""
    pool: Any = WSGIMiddleware(cast("Any", get_wsgi_application()), workers=DJANGO_THREADS)
    usual, uploads = buffered(pool, limit=DJANGO_BODY_BYTES), buffered(pool, limit=UPLOAD_BODY_BYTES)

    async def django(scope: Scope, receive: Receive, send: Send) -> None:
        await (uploads if scope["path"] == _UPLOAD_PATH else usual)(scope, receive, send)

    return django


def routed(raw: Mapping[str, AsgiApp], rest: AsgiApp) -> AsgiApp:
    """The raw endpoint of a request's exact path, else `rest`, all behind the guard and with a request id."""

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        await raw.get(scope["path"], rest)(scope, receive, send)

    return identified(guarded(route))
