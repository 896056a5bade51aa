"""Deletes a customer with its configuration; what stays is said in `customers/delete.py`, and counted here."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from felhom_hub.base.words import count_words
from felhom_hub.configs.save import forget_config
from felhom_hub.customers.delete import delete_customer
from felhom_hub.customers.queries import customer_of
from felhom_hub.events.queries import count_events
from felhom_hub.operators.audit import Actor
from felhom_hub.reports.queries import count_reports

KeptWords = Callable[[int], str]

_rooms: dict[str, KeptWords] = {}
_COUNTED = 10_000  # of each, however many are kept: a question must not take long to ask


def delete_with_config(customer_id: str, *, now: datetime, by: Actor) -> bool:
    """Customer, configuration, keys and passphrase are gone; False when somebody was quicker. Raises NotFound."""
    customer = customer_of(customer_id)
    with transaction.atomic():
        is_changed = delete_customer(customer_id, now=now, by=by)
        if is_changed:
            forget_config(customer)
    return is_changed


def register_kept(room: str, words_of: KeptWords) -> None:
    """`words_of` says what else a deletion leaves of the customer with this key, in the room above; empty: nothing."""
    _rooms[room] = words_of


def kept_words(customer_pk: int) -> str:
    """What of the customer outlives its deletion: "8,640 reports and 76 events"."""
    reports = count_reports(customer_pk, limit=_COUNTED + 1)
    events = count_events(customer_pk, limit=_COUNTED + 1)
    said = [_counted(reports, "report"), _counted(events, "event"), *(words(customer_pk) for words in _rooms.values())]
    *others, last = [each for each in said if each]
    return f"{', '.join(others)} and {last}"


def _counted(count: int, noun: str) -> str:
    if count > _COUNTED:
        return f"more than {count_words(_COUNTED, noun)}"
    return count_words(count, noun) if count else f"no {noun}s"
