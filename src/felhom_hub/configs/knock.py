"""What a box brings to the door of `retrieval.py`: the passphrase as a header writes it, and where it comes from."""

from urllib.parse import unquote

from django.conf import settings

from felhom_hub.base.arrival import HubRequest
from felhom_hub.base.proxies import is_among
from felhom_hub.configs.retrieval import open_door
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import Actor

HEADER = "X-Retrieval-Password"


def let_in(request: HubRequest, customer_id: str) -> Customer:
    """The customer whose passphrase the request brings; raises what `open_door` raises."""
    passphrase = passphrase_of(request.headers.get(HEADER, ""))
    return open_door(customer_id, passphrase, address=counted_address(request.client.address), now=request.now)


def box_at(request: HubRequest) -> Actor:
    """Who has knocked, for the audit."""
    return Actor("a box", request.client.address)


def passphrase_of(header: str) -> str:
    """The passphrase in the header: raw UTF-8, or percent-encoded (contract 5); empty without one."""
    try:
        # A header arrives as Latin-1; what was UTF-8 is made so again.
        text = header.encode("latin-1").decode()
    except UnicodeError:
        text = header
    return unquote(text)


def counted_address(address: str) -> str:
    """The address for which wrong tries count; empty behind a proxy that names nobody.

    Such a proxy's address is everybody's: only the customer's own limit counts then.
    """
    return "" if is_among(address, settings.HUB.server.trusted_proxies) else address
