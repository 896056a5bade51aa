"""What is known of a request before anything else is: its id, the time, and who called from where."""

from collections.abc import Callable, MutableMapping
from datetime import datetime
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from felhom_hub.base.current import request_id
from felhom_hub.base.instants import utc_now
from felhom_hub.base.proxies import Client, client_of
from felhom_hub.base.request_ids import new_id


class HubRequest(HttpRequest):
    """A request as the pages see it: `now` is taken once, `client` is seen through trusted proxies.

    `request_id` stands in every line that is logged on the way; a page that went wrong shows it.
    """

    now: datetime
    client: Client
    request_id: str


def address_of(scope: MutableMapping[str, Any]) -> str:
    """The caller's address of a request that Django does not see."""
    forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    peer = (scope.get("client") or ("",))[0]
    return _address(peer, b",".join(forwarded), settings.HUB.server.trusted_proxies)


@lru_cache(maxsize=20_000)  # twice the largest fleet: reading an address takes longer than all else of a key's look-up
def _address(peer: str, forwarded_for: bytes, trusted: tuple[IPv4Network | IPv6Network, ...]) -> str:
    forwarded = forwarded_for.decode("latin-1")
    return client_of(peer=peer, is_tls=False, forwarded_for=forwarded, forwarded_proto="", trusted=trusted).address


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
        arrived.request_id = request_id.get() or new_id()
        before = request_id.set(arrived.request_id)
        try:
            return self.get_response(request)
        finally:
            request_id.reset(before)
