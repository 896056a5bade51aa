"""Makes somebody a managed customer, with all the secrets it needs; who only reports is entered by `reporting.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from felhom_hub.base.errors import Conflict
from felhom_hub.base.secrets import keyring
from felhom_hub.customers.credentials import Secrets, make_secrets
from felhom_hub.customers.details import Details, check_customer_id, checked
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import locked_customer
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
        rows = Customer.everyone.select_for_update()
        customer, is_new = rows.get_or_create(customer_id=customer_id, defaults={**entered, "created_at": now})
        was_deleted = customer.deleted_at is not None
        if not is_new:
            _take_over(customer, {**entered, "deleted_at": None})
        secrets = make_secrets(customer, now=now)
        detail = "" if is_new else "had been deleted" if was_deleted else "was a manual customer"
        record_audit("customer_added", by=by, now=now, customer_id=customer_id, detail=detail)
    return Registered(customer_id, secrets, was_manual=not is_new and not was_deleted)


def adopt_customer(customer_id: str, *, domain: str, now: datetime, by: Actor) -> Secrets:
    """The manual customer is managed, with what is known of it: its details may still be incomplete.

    `domain` is a guess of the caller's, perhaps empty, and replaces no domain that is there. Raises NotFound, Conflict
    when it is managed already, SecretsError without keys.
    """
    keyring()
    with transaction.atomic():
        customer = locked_customer(customer_id)
        _take_over(customer, {"is_managed": True, "domain": customer.domain or domain})
        secrets = make_secrets(customer, now=now)
        record_audit("customer_added", by=by, now=now, customer_id=customer_id, detail="from its reports")
    return secrets


def _take_over(customer: Customer, entered: Mapping[str, object]) -> None:
    if customer.is_managed:
        raise Conflict(f"There is a managed customer {customer.customer_id} already")
    Customer.everyone.filter(pk=customer.pk).update(**entered)
