"""Enters the configuration of a customer of another hub, as the first version that is kept of it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from felhom_hub.base.secrets import keyring
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.sealed import seal_overrides
from felhom_hub.configs.settings import Settings
from felhom_hub.configs.versions import content_of, keep_first
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.details import Details
from felhom_hub.customers.move_in import move_customer_in
from felhom_hub.operators.audit import Actor


def move_config_in(
    customer_id: str,
    details: Details,
    settings: Settings,
    secrets: Mapping[Kind, str],
    *,
    created_at: datetime,
    blocked_at: datetime | None,
    now: datetime,
    by: Actor,
) -> bool:
    """There is a managed customer with all of it; False where there was one, or it was deleted here.

    As `move_customer_in`, which says what is raised.
    """
    keyring()  # may make a file, which does not belong into a transaction
    with transaction.atomic():
        customer = move_customer_in(
            customer_id, details, secrets, created_at=created_at, blocked_at=blocked_at, now=now, by=by
        )
        if customer is None:
            return False
        if settings != Settings():
            sealed = {"envelope": seal_overrides(settings.overrides, customer_id), "overrides": ""}
            CustomerConfig.objects.create(customer=customer, **{**asdict(settings), **sealed, "changed_at": now})
        keep_first(customer, content_of(customer), now=now, by=by)
    return True
