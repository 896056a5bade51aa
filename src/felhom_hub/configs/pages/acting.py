"""Who acts on a page."""

from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import Actor


def actor_of(request: OperatorRequest) -> Actor:
    """The operator at this address."""
    return Actor("operator", request.client.address)
