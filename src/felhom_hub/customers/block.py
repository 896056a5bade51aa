"""Blocks and unblocks a customer; what a blocked one may still do is decided where it is asked (contract 2 and 5)."""

from datetime import datetime

from django.db import transaction

from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import customer_of
from felhom_hub.operators.audit import Actor, record_audit


def block_customer(customer_id: str, *, now: datetime, by: Actor, since: datetime | None = None) -> bool:
    """The customer is blocked, for every process from its next request on; False when it was so already.

    `since` is when it was blocked before, for undoing; it counts from `now` without. Raises NotFound.
    """
    began = now if since is None else min(since, now)
    customer = customer_of(customer_id)
    with transaction.atomic():
        is_changed = Customer.objects.filter(pk=customer.pk, blocked_at=None).update(blocked_at=began) > 0
        if is_changed:
            record_audit("customer_blocked", by=by, now=now, customer_id=customer_id)
    return is_changed


def unblock_customer(customer_id: str, *, now: datetime, by: Actor) -> datetime | None:
    """The customer is not blocked, for every process from its next request on; since when it was, None when it was not.

    Raises NotFound.
    """
    customer = customer_of(customer_id)
    since = customer.blocked_at
    with transaction.atomic():
        is_changed = Customer.objects.filter(pk=customer.pk, blocked_at__isnull=False).update(blocked_at=None) > 0
        if is_changed:
            record_audit("customer_unblocked", by=by, now=now, customer_id=customer_id)
    return since if is_changed else None
