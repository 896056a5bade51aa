"""The drill record in a customer's section on recovery: how the last drill went, and when the next one is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from felhom_hub.customers.models import Customer
from felhom_hub.recovery.drill_queries import last_drill_of
from felhom_hub.recovery.drill_words import DrillShown, shown


@dataclass(frozen=True, slots=True)
class DrillRecord:
    """`last` is None before the first drill; `next_at` is None where the hub drills nobody by itself."""

    last: DrillShown | None
    every: timedelta
    next_at: datetime | None

    @property
    def every_days(self) -> int:
        """How often the hub drills, in days; 0 where it does not."""
        return self.every.days


def drill_record(customer: Customer, *, every: timedelta, now: datetime) -> DrillRecord | None:
    """The record; None where nothing can be drilled and never was: without a config there is no passphrase.

    What is due already is due now.
    """
    drill = last_drill_of(customer.pk)
    if drill is None and not customer.is_managed:
        return None
    is_scheduled = bool(every) and customer.is_managed and customer.blocked_at is None
    next_at = max(now, drill.started_at + every if drill else now) if is_scheduled else None
    return DrillRecord(shown(drill) if drill else None, every, next_at)
