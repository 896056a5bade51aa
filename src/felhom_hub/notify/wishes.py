"""What the operator enters of a customer's wishes: read field by field, and stored as the box's own are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from felhom_hub.base.db import Db
from felhom_hub.base.errors import Impossible, NotFound
from felhom_hub.customers.queries import locked_customer
from felhom_hub.notify.models import Preferences
from felhom_hub.notify.payload import PreferencesFacts, read_preferences
from felhom_hub.notify.queries import preferences_of
from felhom_hub.notify.record import IncomingPreferences, SetPreferences, set_preferences
from felhom_hub.operators.audit import Actor, record_audit

FIELDS = ("email", "cooldown_hours", "enabled_events")


@dataclass(frozen=True)
class ReadWishes:
    """What a form says; `problems` has a sentence for each field that cannot be, which leaves `facts` without it."""

    facts: PreferencesFacts
    problems: Mapping[str, str]


def read_wishes(customer_id: str, values: Mapping[str, str], enabled_events: Collection[str]) -> ReadWishes:
    """The wishes of a form, checked by the same rules as the box's own."""
    written = {
        "email": values.get("email", ""),
        "cooldown_hours": values.get("cooldown_hours", "").strip(),
        "enabled_events": list(enabled_events),
    }
    facts, problems = PreferencesFacts(customer_id, None, None, None), {}
    for name in FIELDS:
        try:
            read = read_preferences({name: written[name]}, customer_id=customer_id)
        except Impossible as error:
            sentence = error.sentence.removeprefix(f"{name} ")
            problems[name] = f"{sentence[0].upper()}{sentence[1:]}."
        else:
            facts = replace(facts, **{name: getattr(read, name)})
    return ReadWishes(facts, problems)


def save_wishes(facts: PreferencesFacts, *, now: datetime, by: Actor) -> None:
    """The wishes hold from now on, until somebody says otherwise: the operator, or the box. Raises NotFound.

    What is the same as before is not stored again, so that it still says who said it.
    """
    with transaction.atomic():
        customer = locked_customer(facts.customer_id)
        before = preferences_of(customer.pk)
        if before is not None and _is_same(facts, before.email, before.enabled_events, before.cooldown_hours):
            return
        incoming = IncomingPreferences(facts, now, None, set_by=Preferences.SetBy.OPERATOR)
        (stored,) = set_preferences(Db(), [incoming])
        if not isinstance(stored, SetPreferences):
            raise NotFound(f"There is no customer {facts.customer_id}")
        record_audit("preferences_changed", by=by, now=now, customer_id=facts.customer_id)


def _is_same(facts: PreferencesFacts, email: str, enabled_events: Collection[str], cooldown_hours: int) -> bool:
    is_same_list = facts.enabled_events is None or set(facts.enabled_events) == set(enabled_events)
    return is_same_list and facts.email in {None, email} and facts.cooldown_hours in {None, cooldown_hours}
