"""Changes what the operator wrote down about a customer."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from felhom_hub.customers.details import Details, checked
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import locked_customer
from felhom_hub.operators.audit import Actor, record_audit


def edit_customer(customer_id: str, details: Details, *, now: datetime, by: Actor) -> tuple[str, ...]:
    """The customer has these details; the names of those that changed, which the audit keeps without their values.

    Raises NotFound, or Impossible for a value against its rule.
    """
    entered = asdict(checked(details))
    with transaction.atomic():
        customer = locked_customer(customer_id)
        changes = {name: value for name, value in entered.items() if getattr(customer, name) != value}
        if changes:
            Customer.objects.filter(pk=customer.pk).update(**changes)
            record_audit("customer_edited", by=by, now=now, customer_id=customer_id, detail=", ".join(changes))
    return tuple(changes)
