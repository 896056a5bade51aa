"""What a report tells about the customer's domain."""

from urllib.parse import urlsplit

from felhom_hub.base.errors import Impossible
from felhom_hub.customers.details import Details, checked

# A controller's own name below its customer's domain.
_CONTROLLER = "felhom."


def domain_in(controller_url: str | None) -> str:
    """The domain that the controller's address lies in, empty where it is no domain; the operator looks at it."""
    try:
        host = urlsplit(controller_url or "").hostname or ""
        guess = host.removeprefix(_CONTROLLER)
        return checked(Details("name", guess if "." in guess else host, "somebody@example.hu")).domain
    except (Impossible, ValueError):
        return ""
