"""Enters a customer of another hub with the secrets that it has there, so that its box notices nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from felhom_hub.customers.auth import digest_of
from felhom_hub.customers.credentials import Kind, new_secrets, sealed
from felhom_hub.customers.details import Details, check_customer_id
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.operators.audit import Actor, record_audit


def is_key_taken(api_key: str, *, for_customer: str) -> bool:
    """True where some other customer has, or had, this API key."""
    others = Credential.objects.exclude(customer__customer_id=for_customer)
    return others.filter(digest=digest_of(api_key)).exists()


def move_customer_in(
    customer_id: str,
    details: Details,
    secrets: Mapping[Kind, str],
    *,
    created_at: datetime,
    blocked_at: datetime | None,
    now: datetime,
    by: Actor,
) -> Customer | None:
    """The customer is managed, with these details, perhaps incomplete, and these secrets; what it lacks is made.

    None, and nothing is changed, where it is managed already or was deleted here. Raises Impossible for an id against
    its rule, SecretsError.
    """
    check_customer_id(customer_id)
    with transaction.atomic():
        rows = Customer.everyone.select_for_update()
        customer, _ = rows.get_or_create(customer_id=customer_id, defaults={"created_at": created_at})
        if customer.is_managed or customer.deleted_at is not None:
            return None
        entered = {name: value for name, value in asdict(details).items() if value}
        blocked = {"blocked_at": customer.blocked_at or blocked_at, "created_at": min(customer.created_at, created_at)}
        Customer.everyone.filter(pk=customer.pk).update(is_managed=True, **entered, **blocked)
        every = new_secrets() | dict(secrets)
        Credential.objects.bulk_create(sealed(customer, kind, secret, now=now) for kind, secret in every.items())
        record_audit("customer_moved_in", by=by, now=now, customer_id=customer_id)
    return Customer.objects.get(pk=customer.pk)
