"""Whose key a request to one of Django's endpoints bears; the raw intake has `recognise.py`."""

from typing import cast

from django.http import HttpRequest

from felhom_hub.base.arrival import HubRequest
from felhom_hub.customers.auth import Caller, CustomerCaller, caller_of, digest_of, key_in
from felhom_hub.customers.uses import note_use


def bearer_of(request: HttpRequest) -> Caller:
    """The caller, whose key counts as used; raises Unauthorized with a sentence that says what is wrong with it."""
    arrived = cast("HubRequest", request)
    authorization = request.headers.get("Authorization")
    caller = caller_of(authorization, now=arrived.now)
    if isinstance(caller, CustomerCaller):
        note_use(digest_of(key_in(authorization)), arrived.client.address, arrived.now)
    return caller
