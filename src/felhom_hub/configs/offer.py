"""The file that a box fetches because the answer to its report offers it (contract 8); who may have it, and when."""

from felhom_hub.base.errors import Conflict, Forbidden
from felhom_hub.configs.generate import Generated, generate
from felhom_hub.customers.auth import Caller, CustomerCaller, require_customer
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import customer_of
from felhom_hub.reports.wanted import expect_hashes, wanted_of


def offered_to(caller: Caller, customer_id: str) -> Generated:
    """The customer's file, made now; its hash is the one that the box is expected to report from here on.

    Raises Forbidden for every key but the customer's own, and where the operator has blocked the customer; Conflict
    where the operator does not want the file on the box, so that a stolen key reads no configuration at leisure, and
    where the file cannot be made.
    """
    customer = _own_customer(caller, customer_id)
    if wanted_of(customer.pk).push_wanted_at is None:
        raise Conflict(f"The operator does not want a configuration fetched for {customer_id} now")
    generated = generate(customer)
    expect_hashes({customer.pk: generated.sha256})
    return generated


def _own_customer(caller: Caller, customer_id: str) -> Customer:
    require_customer(caller, customer_id)
    if not isinstance(caller, CustomerCaller):
        # It is in every box that has no key of its own, and would open every customer's secrets.
        raise Forbidden("A configuration is fetched with the customer's own key, never with the global one")
    if caller.is_blocked:
        raise Forbidden("The operator has blocked this customer")
    return customer_of(customer_id)
