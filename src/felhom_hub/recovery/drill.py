"""Records drills: the proof that a lost box could be made anew, or what was found in the way of it."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from felhom_hub.base.words import count_words
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import Actor, record_audit
from felhom_hub.recovery.drill_outcome import Outcome
from felhom_hub.recovery.drill_words import RESULT_WORDS
from felhom_hub.recovery.models import Drill, DrillTry

SCHEDULE: Final = Actor("schedule")


def record_drill(customer: Customer, outcome: Outcome, *, started_at: datetime, took: timedelta, by: Actor) -> Drill:
    """The drill and its entry in the audit are committed together."""
    with transaction.atomic():
        DrillTry.objects.filter(customer=customer).delete()
        drill = Drill.objects.create(
            customer=customer,
            started_at=started_at,
            duration_ms=max(0, took // timedelta(milliseconds=1)),
            actor=by.name,
            result=outcome.result.value,
            gaps=list(outcome.gaps),
            snapshot_version=outcome.snapshot_version,
            disks_matched=outcome.disks_matched,
            disks_described=outcome.disks_described,
            stacks_planned=outcome.stacks_planned,
            stacks_all=outcome.stacks_all,
        )
        detail = RESULT_WORDS[outcome.result]
        if outcome.gaps:
            detail = f"{detail}: {count_words(len(outcome.gaps), 'finding')}"
        record_audit("drill_done", by=by, now=started_at + took, customer_id=customer.customer_id, detail=detail)
    return drill


def note_try(customer: Customer, *, now: datetime) -> None:
    """A drill of the customer begins; until one is held, the customer waits behind who has not been tried since."""
    DrillTry.objects.update_or_create(customer=customer, defaults={"tried_at": now})
