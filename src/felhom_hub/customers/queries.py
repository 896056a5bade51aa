"""Questions about customers: one of them, or a page of them."""

from collections.abc import Collection

from django.db.models import QuerySet

from felhom_hub.base.errors import NotFound
from felhom_hub.customers.identity import CUSTOMER_ID, CUSTOMER_ID_RULE
from felhom_hub.customers.models import Customer

MAX_LISTED = 500


def customer_of(customer_id: str) -> Customer:
    """The customer with this id; raises NotFound."""
    return _one(Customer.objects.all(), customer_id)


def locked_customer(customer_id: str) -> Customer:
    """As `customer_of`, inside a transaction, to whose end nobody else changes the row."""
    return _one(Customer.objects.select_for_update(), customer_id)


def _one(customers: QuerySet[Customer], customer_id: str) -> Customer:
    if not CUSTOMER_ID.fullmatch(customer_id):  # PostgreSQL would fail at a NUL in it
        raise NotFound(f"There is no such customer; an id is {CUSTOMER_ID_RULE}")
    found = customers.filter(customer_id=customer_id).first()
    if found is None:
        raise NotFound(f"There is no customer {customer_id}")
    return found


def names_of(ids: Collection[str]) -> dict[str, str]:
    """The names of the customers with these ids; an id that nobody has, or had once, is missing."""
    possible = [each for each in ids if CUSTOMER_ID.fullmatch(each)]  # PostgreSQL would fail at a NUL
    return dict(Customer.objects.filter(customer_id__in=possible).values_list("customer_id", "name"))


def shown_name(customer_id: str) -> str:
    """The customer's name, or its id where it has none or is not there."""
    return names_of([customer_id]).get(customer_id) or customer_id


def active_customers(*, after: str = "", limit: int = MAX_LISTED) -> list[Customer]:
    """Customers that are not blocked, in the order of their ids, behind the id `after`; at most `limit`."""
    return _page(Customer.objects.filter(blocked_at=None), after, limit)


def all_customers(*, after: str = "", limit: int = MAX_LISTED) -> list[Customer]:
    """As `active_customers`, with the blocked ones among them."""
    return _page(Customer.objects.all(), after, limit)


def count_blocked() -> int:
    """How many customers are blocked."""
    return Customer.objects.exclude(blocked_at=None).count()


def _page(customers: QuerySet[Customer], after: str, limit: int) -> list[Customer]:
    return list(customers.filter(customer_id__gt=after).order_by("customer_id")[: min(limit, MAX_LISTED)])
