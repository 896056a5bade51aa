"""Makes somebody a managed customer, with all the secrets it needs; who only reports is entered by `reporting.py`."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from felhom_hub.base.errors import Conflict
from felhom_hub.base.secrets import keyring
from felhom_hub.customers.credentials import Secrets, make_secrets
from felhom_hub.customers.details import Details, check_customer_id, checked
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import Actor, record_audit


@dataclass(frozen=True)
class Registered:
    """`was_manual` for a customer that had reported before it was added; its history stays."""

    customer_id: str
    secrets: Secrets
    was_manual: bool


def add_customer(customer_id: str, details: Details, *, now: datetime, by: Actor) -> Registered:
    """The customer is managed, and has an API key, a retrieval password and a session secret.

    Raises Impossible for a value against its rule, Conflict when it was managed already, SecretsError without keys.
    """
    check_customer_id(customer_id)
    entered = asdict(checked(details)) | {"is_managed": True}
    keyring()  # may make a file, which does not belong into a transaction
    with transaction.atomic():
        rows = Customer.objects.select_for_update()
        customer, is_new = rows.get_or_create(customer_id=customer_id, defaults={**entered, "created_at": now})
        if not is_new:
            _take_over(customer, entered)
        secrets = make_secrets(customer, now=now)
        detail = "" if is_new else "was a manual customer"
        record_audit("customer_added", by=by, now=now, customer_id=customer_id, detail=detail)
    return Registered(customer_id, secrets, was_manual=not is_new)


def _take_over(customer: Customer, entered: dict[str, str | bool]) -> None:
    if customer.is_managed:
        raise Conflict(f"There is a managed customer {customer.customer_id} already")
    Customer.objects.filter(pk=customer.pk).update(**entered)
