"""Acknowledges an alarm: somebody has taken it, and the operator is told no more of it until it is over.

The alarm's end takes the acknowledgement with it, so that the next one is told as ever.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from felhom_hub.base.errors import NotFound
from felhom_hub.base.tolerant import as_line
from felhom_hub.customers.models import Customer
from felhom_hub.events.catalogue import label_of
from felhom_hub.notify.models import Alarm
from felhom_hub.operators.audit import Actor, record_audit

MAX_NOTE: Final = 200
_LARGEST_KEY = 2**63 - 1  # PostgreSQL refuses to compare a key with more


def acknowledge(number: int, note: str, *, now: datetime, by: Actor) -> bool:
    """The alarm is acknowledged, with what was noted; False where somebody was quicker. Raises NotFound."""
    written = as_line(note, MAX_NOTE)
    with transaction.atomic():
        alarm = _standing(number)
        free = Alarm.objects.filter(pk=number, acknowledged_at=None)
        if not free.update(acknowledged_at=now, acknowledged_by=by.name, note=written):
            return False
        detail = f"{_what(alarm)}: {written}" if written else _what(alarm)
        record_audit("alarm_acknowledged", by=by, now=now, customer_id=_whose(alarm), detail=detail)
    return True


def take_back(number: int, *, now: datetime, by: Actor) -> bool:
    """The alarm is not acknowledged any more; False where it was not. Raises NotFound where it is over."""
    with transaction.atomic():
        alarm = _standing(number)
        taken = Alarm.objects.filter(pk=number, acknowledged_at__isnull=False)
        if not taken.update(acknowledged_at=None, acknowledged_by="", note=""):
            return False
        record_audit("acknowledgement_taken_back", by=by, now=now, customer_id=_whose(alarm), detail=_what(alarm))
    return True


def _standing(number: int) -> Alarm:
    alarm = Alarm.objects.filter(pk=number).first() if 0 < number <= _LARGEST_KEY else None
    if alarm is None:
        raise NotFound("This alarm is over")
    return alarm


def _whose(alarm: Alarm) -> str:
    """The id of the alarm's customer; empty for the whole fleet."""
    customer = Customer.everyone.filter(pk=alarm.subject).first() if alarm.subject else None
    return customer.customer_id if customer else ""


def _what(alarm: Alarm) -> str:
    return f"incident {alarm.which}" if alarm.which else label_of(alarm.event_type)
