"""Stores what the form says: who the customer is, its tokens and its settings, together or not at all."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction

from felhom_hub.base.errors import Conflict
from felhom_hub.base.secrets import keyring
from felhom_hub.configs.expected import expect_one, expectation
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.queries import fingerprint, settings_of
from felhom_hub.configs.settings import Settings
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.details import Details
from felhom_hub.customers.edit import edit_customer
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import locked_customer
from felhom_hub.customers.register import add_customer
from felhom_hub.customers.tokens import change_tokens
from felhom_hub.operators.audit import Actor, record_audit


class ChangedMeanwhile(Conflict):
    """Somebody else saved since the form was opened."""


@dataclass(frozen=True)
class Entered:
    """What the operator entered; empty tokens leave those that are there."""

    details: Details
    settings: Settings
    tokens: Mapping[Kind, str] = field(default_factory=dict, repr=False)
    removed: frozenset[Kind] = frozenset()


def create_config(customer_id: str, entered: Entered, *, now: datetime, by: Actor) -> None:
    """There is a managed customer with all of it; raises Conflict when there is one already, Impossible."""
    keyring()  # may make a file, which does not belong into a transaction
    with transaction.atomic():
        add_customer(customer_id, entered.details, now=now, by=by)
        _store(locked_customer(customer_id), entered, now=now, by=by)


def save_config(customer_id: str, entered: Entered, *, seen: str, now: datetime, by: Actor) -> None:
    """The managed customer has all of it.

    `seen` is the fingerprint of what the form showed; raises ChangedMeanwhile when it is another by now, NotFound,
    Conflict for a manual customer, Impossible.
    """
    keyring()
    with transaction.atomic():
        customer = locked_customer(customer_id)
        if not customer.is_managed:
            raise Conflict(f"{customer_id} has no configuration yet")
        if fingerprint(customer) != seen:
            raise ChangedMeanwhile(f"{customer_id} was changed meanwhile")
        edit_customer(customer_id, entered.details, now=now, by=by)
        _store(customer, entered, now=now, by=by)


def forget_config(customer: Customer) -> None:
    """The customer has no settings; in the caller's transaction."""
    CustomerConfig.objects.filter(customer=customer).delete()
    expect_one(customer.pk, None, expectation())


def _store(customer: Customer, entered: Entered, *, now: datetime, by: Actor) -> None:
    change_tokens(customer, entered.tokens, entered.removed, now=now, by=by)
    before, after = asdict(settings_of(customer)), asdict(entered.settings)
    changed = [name for name, value in after.items() if value != before[name]]
    if changed:
        CustomerConfig.objects.update_or_create(customer=customer, defaults={**after, "changed_at": now})
        if "report_minutes" in changed:
            expect_one(customer.pk, entered.settings.report_minutes, expectation())
        detail = ", ".join(changed)
        record_audit("config_edited", by=by, now=now, customer_id=customer.customer_id, detail=detail)
