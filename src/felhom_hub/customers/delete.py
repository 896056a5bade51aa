"""Deletes a customer: everything that the operator wrote, its keys and its passphrase.

Its row stays, empty, because its reports and events point to it (`Customer.everyone`); if the box reports with the
global key, `reporting.py` makes it a manual customer with its history. A block stays too: a deletion gives a box no
more than it had. What rooms above keep of a person they forget themselves, in the same transaction
(`register_forgetting`).
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.queries import customer_of
from felhom_hub.operators.audit import Actor, record_audit

_NOTHING = dict.fromkeys(("name", "domain", "email", "town", "phone", "note", "tags"), "")

Forget = Callable[[int], None]

_rooms: dict[str, Forget] = {}


def register_forgetting(room: str, forget: Forget) -> None:
    """`forget` removes what the room keeps of the customer with this key; the deletion calls it."""
    _rooms[room] = forget


def delete_customer(customer_id: str, *, now: datetime, by: Actor) -> bool:
    """The customer is gone for every process from its next request on; False when somebody was quicker.

    Raises NotFound.
    """
    customer = customer_of(customer_id)
    with transaction.atomic():
        present = Customer.objects.filter(pk=customer.pk)
        is_changed = present.update(deleted_at=now, is_managed=False, **_NOTHING) > 0
        if is_changed:
            Credential.objects.filter(customer=customer).delete()
            for forget in _rooms.values():
                forget(customer.pk)
            record_audit("customer_deleted", by=by, now=now, customer_id=customer_id)
    return is_changed
