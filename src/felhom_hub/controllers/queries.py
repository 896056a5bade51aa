"""Questions about hosts of controllers: which are confirmed, and whether a customer's may be called."""

from dataclasses import dataclass
from datetime import datetime

from felhom_hub.controllers.hosts import TrustedTarget, trusted_target
from felhom_hub.controllers.models import ConfirmedHost
from felhom_hub.customers.models import Customer


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A host that the operator has confirmed for a customer."""

    host: str
    port: int
    confirmed_at: datetime
    confirmed_by: str


def confirmed_hosts(customer: Customer) -> list[Confirmed]:
    """Those of the customer, by name; one query."""
    rows = ConfirmedHost.objects.filter(customer=customer).order_by("host", "port")
    return [Confirmed(row.host, row.port, row.confirmed_at, row.confirmed_by) for row in rows]


def target_for(customer: Customer, controller_url: str) -> TrustedTarget:
    """Where the customer's controller is called; one query. Raises HostNotTrusted, and nothing may be sent then."""
    domain = customer.domain if customer.is_managed else ""
    confirmed = {(each.host, each.port) for each in confirmed_hosts(customer)}
    return trusted_target(controller_url, domain=domain, confirmed=confirmed)
