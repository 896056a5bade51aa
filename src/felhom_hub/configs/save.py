"""Stores what the form says: who the customer is, its tokens and its settings, together or not at all.

Whatever changes a managed customer's configuration goes through here, so that each version of it is kept.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from django.db import transaction

from felhom_hub.base.errors import Conflict
from felhom_hub.base.secrets import keyring
from felhom_hub.configs.expected import expect_one, expectation
from felhom_hub.configs.hashes import expect_file
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.queries import details_of, fingerprint, settings_of
from felhom_hub.configs.sealed import seal_overrides
from felhom_hub.configs.settings import Settings
from felhom_hub.configs.versions import Content, content_of, forget_versions, keep_first, keep_version
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.details import Details, checked
from felhom_hub.customers.edit import edit_customer
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import locked_customer
from felhom_hub.customers.register import Registered, add_customer, adopt_customer
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


def create_config(customer_id: str, entered: Entered, *, now: datetime, by: Actor) -> Registered:
    """There is a managed customer with all of it; raises Conflict when there is one already, Impossible."""
    keyring()  # may make a file, which does not belong into a transaction
    with transaction.atomic():
        registered = add_customer(customer_id, entered.details, now=now, by=by)
        customer = locked_customer(customer_id)
        _store(customer, entered, now=now, by=by)
        keep_first(customer, content_of(customer), now=now, by=by)
    return registered


def adopt_config(customer_id: str, *, domain: str, now: datetime, by: Actor) -> None:
    """The manual customer is managed, with what is known of it; as `adopt_customer`, which says what is raised."""
    keyring()
    with transaction.atomic():
        adopt_customer(customer_id, domain=domain, now=now, by=by)
        customer = locked_customer(customer_id)
        keep_first(customer, content_of(customer), now=now, by=by)


def save_config(
    customer_id: str, entered: Entered, *, seen: str, now: datetime, by: Actor, restored: int | None = None
) -> None:
    """The managed customer has all of it, and its box is expected to report the file that is made of it.

    `seen` is the fingerprint of what the form showed; raises ChangedMeanwhile when it is another by now, NotFound,
    Conflict for a manual customer, Impossible. `restored` is the version that this brings back.
    """
    keyring()
    with transaction.atomic():
        customer = locked_customer(customer_id)
        if not customer.is_managed:
            raise Conflict(f"{customer_id} has no configuration yet")
        if fingerprint(customer) != seen:
            raise ChangedMeanwhile(f"{customer_id} was changed meanwhile")
        before = content_of(customer)
        edit_customer(customer_id, entered.details, now=now, by=by)
        tokens = _store(customer, entered, now=now, by=by)
        after = Content(checked(entered.details), entered.settings)
        keep_version(customer, before, after, tokens=tokens, restored=restored, now=now, by=by)
    expect_file(customer_id)


def edit_details(customer_id: str, changes: Mapping[str, str], *, now: datetime, by: Actor) -> tuple[str, ...]:
    """The customer, managed or manual, has these details; the names of those that changed.

    Raises NotFound, Impossible, SecretsError.
    """
    keyring()
    with transaction.atomic():
        customer = locked_customer(customer_id)
        details = replace(details_of(customer), **changes)
        if not customer.is_managed:
            return edit_customer(customer_id, details, now=now, by=by)
        before = content_of(customer)
        changed = edit_customer(customer_id, details, now=now, by=by)
        keep_version(customer, before, replace(before, details=checked(details)), now=now, by=by)
    expect_file(customer_id)
    return changed


def forget_config(customer: Customer) -> None:
    """The customer has no settings, and no versions of them; in the caller's transaction."""
    CustomerConfig.objects.filter(customer=customer).delete()
    forget_versions(customer.pk)
    expect_one(customer.pk, None, expectation())


def _store(customer: Customer, entered: Entered, *, now: datetime, by: Actor) -> tuple[str, ...]:
    """The tokens and settings are stored; what was done with the tokens."""
    tokens = change_tokens(customer, entered.tokens, entered.removed, now=now, by=by)
    before, after = asdict(settings_of(customer)), asdict(entered.settings)
    changed = [name for name, value in after.items() if value != before[name]]
    if changed:
        sealed = {"envelope": seal_overrides(entered.settings.overrides, customer.customer_id), "overrides": ""}
        CustomerConfig.objects.update_or_create(customer=customer, defaults={**after, **sealed, "changed_at": now})
        if "report_minutes" in changed:
            expect_one(customer.pk, entered.settings.report_minutes, expectation())
        detail = ", ".join(changed)
        record_audit("config_edited", by=by, now=now, customer_id=customer.customer_id, detail=detail)
    return tokens
