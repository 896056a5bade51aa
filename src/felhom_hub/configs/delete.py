"""Deletes a customer with its configuration; what stays is said in `customers/delete.py`, and counted here."""

from datetime import datetime

from django.db import transaction

from felhom_hub.base.words import count_words
from felhom_hub.configs.save import forget_config
from felhom_hub.customers.delete import delete_customer
from felhom_hub.customers.queries import customer_of
from felhom_hub.events.queries import count_events
from felhom_hub.operators.audit import Actor
from felhom_hub.reports.queries import count_reports

_COUNTED = 10_000  # of each, however many are kept: a question must not take long to ask


def delete_with_config(customer_id: str, *, now: datetime, by: Actor) -> bool:
    """Customer, configuration, keys and passphrase are gone; False when somebody was quicker. Raises NotFound."""
    customer = customer_of(customer_id)
    with transaction.atomic():
        is_changed = delete_customer(customer_id, now=now, by=by)
        if is_changed:
            forget_config(customer)
    return is_changed


def kept_words(customer_pk: int) -> str:
    """What of the customer outlives its deletion: "8,640 reports and 76 events"."""
    reports = count_reports(customer_pk, limit=_COUNTED + 1)
    events = count_events(customer_pk, limit=_COUNTED + 1)
    return f"{_counted(reports, 'report')} and {_counted(events, 'event')}"


def _counted(count: int, noun: str) -> str:
    if count > _COUNTED:
        return f"more than {count_words(_COUNTED, noun)}"
    return count_words(count, noun) if count else f"no {noun}s"
