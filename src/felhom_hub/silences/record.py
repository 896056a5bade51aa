"""Makes silences, ends them early, and counts what they hold back. Each is kept in the audit."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from felhom_hub.base.errors import NotFound
from felhom_hub.operators.audit import Actor, record_audit
from felhom_hub.silences.models import Silence, SilencedCustomer
from felhom_hub.silences.recurrence import Schedule

_LARGEST_KEY = 2**63 - 1  # PostgreSQL refuses to compare a key with more


@dataclass(frozen=True)
class Entered:
    """What somebody wants to be silent; every value has passed its rule (enter.py).

    Without customers and tag it is for all, without choices for every type.
    """

    why: str
    customers: Mapping[int, str]  # key and id
    tag: str
    choices: tuple[str, ...]
    is_for_customers: bool
    schedule: Schedule


def make_silence(entered: Entered, *, now: datetime, by: Actor) -> int:
    """The silence is there, with its entry in the audit; returns its number."""
    with transaction.atomic():
        silence = Silence.objects.create(
            why=entered.why,
            reach=_reach(entered),
            tag=entered.tag,
            event_types=stored_choices(entered.choices),
            is_for_customers=entered.is_for_customers,
            **stored_schedule(entered.schedule),
            made_at=now,
            made_by=by.name,
        )
        SilencedCustomer.objects.bulk_create(
            SilencedCustomer(silence=silence, customer_id=pk) for pk in entered.customers
        )
        ids = list(entered.customers.values())
        whose = ids[0] if len(ids) == 1 else ""
        others = ", ".join(ids) if len(ids) > 1 else f"tag {entered.tag}" if entered.tag else "" if ids else "all"
        detail = ": ".join(part for part in (others, entered.why) if part)
        record_audit("silence_made", by=by, now=now, customer_id=whose, detail=detail)
    return silence.pk


def stored_choices(choices: Collection[str]) -> str:
    """The choices as a silence's row keeps them."""
    return json.dumps(sorted(choices))


def stored_schedule(schedule: Schedule) -> dict[str, Any]:
    """The schedule as columns of a silence's row."""
    return {
        "from_at": schedule.from_at,
        "until_at": schedule.until_at,
        "weekdays": sum(1 << day for day in schedule.weekdays),
        "from_minute": schedule.from_minute,
        "to_minute": schedule.to_minute,
    }


def end_silence(number: int, *, now: datetime, by: Actor) -> bool:
    """The silence holds no more; False where it had ended already. Raises NotFound."""
    with transaction.atomic():
        found = Silence.objects.filter(pk=number).first() if 0 < number <= _LARGEST_KEY else None
        if found is None:
            raise NotFound(f"There is no silence {number}")
        # Of two clicks one finds it ended.
        still = Silence.objects.filter(pk=number, ended_at=None)
        if not still.update(ended_at=now, ended_by=by.name):
            return False
        record_audit("silence_ended", by=by, now=now, detail=found.why)
    return True


def count_held_back(counts: Mapping[int, int]) -> None:
    """So many messages more were held back by each of the silences; in the caller's transaction."""
    for number, count in sorted(counts.items()):  # in order, so that two hubs do not wait for each other
        Silence.objects.filter(pk=number).update(held_back=F("held_back") + count)


def forget_customer(customer_pk: int) -> None:
    """No silence names the customer any more; in the caller's transaction."""
    SilencedCustomer.objects.filter(customer_id=customer_pk).delete()


def _reach(entered: Entered) -> Silence.Reach:
    if entered.customers:
        return Silence.Reach.CUSTOMERS
    return Silence.Reach.TAG if entered.tag else Silence.Reach.ALL
