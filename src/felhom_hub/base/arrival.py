"""What is known of a request before anything else is: the time, and who called from where."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from felhom_hub.base.instants import utc_now
from felhom_hub.base.proxies import Client, client_of


class HubRequest(HttpRequest):
    """A request as the pages see it: `now` is taken once, `client` is seen through trusted proxies."""

    now: datetime
    client: Client


class ArrivalMiddleware:
    """Every request after this has `now` and `client`."""

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
        return self.get_response(request)
