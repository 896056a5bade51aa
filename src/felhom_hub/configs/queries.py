"""Questions about configurations: one customer's as a form shows it, and the lines of many customers' meters."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import timedelta
from hashlib import sha256

import msgspec

from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.sealed import open_overrides
from felhom_hub.configs.settings import Settings, written_settings
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.customers.tokens import tokens_held


def settings_of(customer: Customer) -> Settings:
    """The customer's settings; raises SecretsError when its overrides cannot be opened."""
    return settings_in(CustomerConfig.objects.filter(customer=customer).first(), customer.customer_id)


def sealed_settings(customers: Collection[Customer]) -> dict[int, CustomerConfig]:
    """The rows by the customers' keys, for `settings_in`; who has none is missing. One query, and nothing is opened."""
    return {row.customer_id: row for row in CustomerConfig.objects.filter(customer__in=customers)}


def settings_in(row: CustomerConfig | None, customer_id: str) -> Settings:
    """The settings in the customer's row; raises SecretsError when its overrides cannot be opened."""
    if row is None:
        return Settings()
    overrides = open_overrides(row.envelope, customer_id) or row.overrides
    return Settings(row.is_monitored, row.log_level, row.thresholds, row.ping_uuids, overrides, row.report_minutes)


def details_of(customer: Customer) -> Details:
    """What is written down about the customer."""
    return Details(**{name: getattr(customer, name) for name in Details.__dataclass_fields__})


def stored_values(customer: Customer) -> dict[str, str]:
    """The customer and its settings by the names of the form's fields; no secret is among them."""
    return {**asdict(details_of(customer)), **written_settings(settings_of(customer))}


def fingerprint(customer: Customer) -> str:
    """Changes with everything that the form shows, whoever changed it: two who edit at once are told apart by it."""
    held = {kind.value: at.isoformat() for kind, at in tokens_held(customer).items()}
    return sha256(msgspec.json.encode([stored_values(customer), held], order="sorted")).hexdigest()


def own_intervals() -> dict[int, timedelta]:
    """How often the boxes report that have a time of their own, by the customer's key."""
    rows = CustomerConfig.objects.exclude(report_minutes=None).values_list("customer_id", "report_minutes")
    return {pk: timedelta(minutes=minutes) for pk, minutes in rows if minutes is not None}


def own_thresholds(customer_pks: Collection[int]) -> Mapping[int, Mapping[str, float]]:
    """The customers' own lines by the customer's key; who has none is missing. One query for a page of customers."""
    rows = CustomerConfig.objects.filter(customer_id__in=customer_pks).exclude(thresholds={})
    return dict(rows.values_list("customer_id", "thresholds"))
