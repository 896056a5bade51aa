"""Whether a customer's controller can be called at all, and what stands in the way."""

from dataclasses import dataclass
from enum import StrEnum

from felhom_hub.controllers.hosts import HostNotTrusted, Place, TrustedTarget
from felhom_hub.controllers.queries import target_for
from felhom_hub.customers.models import Customer


class Way(StrEnum):
    """How things stand with calls to a box."""

    OPEN = "open"
    BLOCKED = "blocked"
    NO_ADDRESS = "no address"
    UNCONFIRMED = "unconfirmed"  # the operator can confirm the host
    REFUSED = "refused"  # the address is no good


@dataclass(frozen=True, slots=True)
class Reach:
    """The way to a customer's controller; `target` only where it is open, `sentence` only where it is not."""

    way: Way
    controller_url: str = ""
    sentence: str = ""
    place: Place | None = None
    target: TrustedTarget | None = None

    @property
    def is_open(self) -> bool:
        """True where the controller may be called."""
        return self.way is Way.OPEN

    @property
    def host(self) -> str:
        """Host and port to be confirmed, as they are printed."""
        return f"{self.place[0]}:{self.place[1]}" if self.place else ""


def reach_of(customer: Customer, controller_url: str | None) -> Reach:
    """The way to the controller that reported this address; one query."""
    if customer.blocked_at is not None:
        return Reach(Way.BLOCKED, sentence="The customer is blocked.")
    if not controller_url:
        return Reach(Way.NO_ADDRESS, sentence="Its controller has not reported an address.")
    try:
        target = target_for(customer, controller_url)
    except HostNotTrusted as error:
        way = Way.REFUSED if error.place is None else Way.UNCONFIRMED
        return Reach(way, controller_url, error.sentence, error.place)
    return Reach(Way.OPEN, controller_url, target=target, place=(target.host, target.port))
