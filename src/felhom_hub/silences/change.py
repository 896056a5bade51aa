"""Changes a silence that is not over: why, of what, and when. For whom it is stays; what changed is in the audit."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from felhom_hub.base.errors import NotFound
from felhom_hub.operators.audit import Actor, record_audit
from felhom_hub.silences.choices import choice_words
from felhom_hub.silences.coverage import Known
from felhom_hub.silences.models import Silence
from felhom_hub.silences.queries import lasting_silence
from felhom_hub.silences.record import stored_choices, stored_schedule
from felhom_hub.silences.recurrence import Schedule
from felhom_hub.silences.words import span_of


@dataclass(frozen=True)
class Changed:
    """What somebody wants the silence to be; every value has passed its rule (enter.py)."""

    why: str
    choices: frozenset[str]
    is_for_customers: bool
    schedule: Schedule


def change_silence(number: int, changed: Changed, *, now: datetime, by: Actor, zone: ZoneInfo) -> bool:
    """The silence is so from now on; False where it was so already. Raises NotFound where it is over.

    What was decided before keeps the words of its time. What the silence held back and does no more is told within a
    minute, where it still stands.
    """
    with transaction.atomic():
        # Of two who change it at once, the second one's entry in the audit starts from what the first one made of it.
        Silence.objects.select_for_update().filter(pk=number).first()
        found = lasting_silence(number, now, zone)
        if found is None:
            raise NotFound(f"There is no silence {number}, or it has ended")
        if changed == as_changed(found.known):
            return False
        Silence.objects.filter(pk=number).update(
            why=changed.why,
            event_types=stored_choices(changed.choices),
            is_for_customers=changed.is_for_customers,
            **stored_schedule(changed.schedule),
        )
        whose = found.customers[0][0] if len(found.customers) == 1 else ""
        detail = f"{changed.why}: {'; '.join(_differences(as_changed(found.known), changed, zone))}"
        record_audit("silence_changed", by=by, now=now, customer_id=whose, detail=detail)
    return True


def as_changed(known: Known) -> Changed:
    """What can be changed of a silence, as it is."""
    return Changed(known.why, known.choices, known.is_for_customers, known.schedule)


def _differences(before: Changed, after: Changed, zone: ZoneInfo) -> list[str]:
    """Each thing that is another, with what it was."""
    pairs = (
        ("reason", before.why, after.why),
        ("types", choice_words(sorted(before.choices)), choice_words(sorted(after.choices))),
        ("for", _audience(before), _audience(after)),
        ("when", span_of(before.schedule, zone), span_of(after.schedule, zone)),
    )
    return [f"{name}: {now} (was {was})" for name, was, now in pairs if was != now]


def _audience(changed: Changed) -> str:
    return "operator and customer" if changed.is_for_customers else "the operator alone"
