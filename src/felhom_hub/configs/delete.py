"""Deletes a customer with its configuration; what stays is said in `customers/delete.py`."""

from datetime import datetime

from django.db import transaction

from felhom_hub.configs.save import forget_config
from felhom_hub.customers.delete import delete_customer
from felhom_hub.customers.queries import customer_of
from felhom_hub.operators.audit import Actor


def delete_with_config(customer_id: str, *, now: datetime, by: Actor) -> bool:
    """Customer, configuration, keys and passphrase are gone; False when somebody was quicker. Raises NotFound."""
    customer = customer_of(customer_id)
    with transaction.atomic():
        is_changed = delete_customer(customer_id, now=now, by=by)
        if is_changed:
            forget_config(customer)
    return is_changed
