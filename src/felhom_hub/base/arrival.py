"""What is known of a request before anything else is: its id, the time, and who called from where."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import cast

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from felhom_hub.base.instants import utc_now
from felhom_hub.base.proxies import Client, client_of


class HubRequest(HttpRequest):
    """A request as the pages see it: `now` is taken once, `client` is seen through trusted proxies.

    `request_id` stands in every line that is logged on the way; a page that went wrong shows it.
    """

    now: datetime
    client: Client
    request_id: str


class ArrivalMiddleware:
    """Every request after this has `now`, `client` and `request_id`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        arrived = cast("HubRequest", request)
        arrived.now = utc_now()
        arrived.client = client_of(
            peer=request.META.get("REMOTE_ADDR", ""),
            is_tls=request.scheme == "https",
            forwarded_for=request.headers.get("X-Forwarded-For", ""),
            forwarded_proto=request.headers.get("X-Forwarded-Proto", ""),
            trusted=settings.HUB.server.trusted_proxies,
        )
        digits = secrets.token_hex(3)
        arrived.request_id = f"{digits[:2]}-{digits[2:]}"  # short enough to be read out
        with structlog.contextvars.bound_contextvars(request_id=arrived.request_id):
            return self.get_response(request)
