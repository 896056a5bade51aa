"""Questions about the alarms that stand: those of one customer, and those that incidents are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from felhom_hub.customers.models import Customer
from felhom_hub.events.catalogue import label_of
from felhom_hub.notify.basis import FLEET
from felhom_hub.notify.models import Alarm

_COLUMNS = (
    "pk", "event_type", "which", "incident", "event_id", "event__severity", "event__message", "since_at",
    "operator_waits", "acknowledged_at", "acknowledged_by", "note", "reminded_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandingAlarm:
    """One alarm that stands. `incident` is the one that tells of it; `is_held` where the operator was not told yet."""

    pk: int
    event_type: str
    which: str
    incident: str
    event_pk: int
    severity: str
    message: str
    since_at: datetime
    is_held: bool
    acknowledged_at: datetime | None
    acknowledged_by: str
    note: str
    reminded_at: datetime | None

    @property
    def label(self) -> str:
        """What is wrong, in the catalogue's words."""
        return label_of(self.event_type)

    @property
    def tone(self) -> str:
        """The tone of its mark."""
        return "down" if self.severity == "error" else "warn"


def alarms_of(customer_pk: int) -> list[StandingAlarm]:
    """The alarms of one customer, the longest standing first."""
    return _found(Alarm.objects.filter(subject=customer_pk).order_by("since_at", "pk"))


def alarms_of_incidents(numbers: Collection[int]) -> dict[int, StandingAlarm]:
    """The alarms that these incidents are, by their numbers; one that is over has none."""
    rows = Alarm.objects.filter(subject=FLEET, which__in=[str(number) for number in numbers])
    return {int(alarm.which): alarm for alarm in _found(rows)}


def page_of(number: int) -> str:
    """Where the alarm with that number is shown; the events where it is over."""
    subject, which = Alarm.objects.filter(pk=number).values_list("subject", "which").first() or (FLEET, "")
    if which:
        return f"/incidents/{which}#taken"
    customer_id = Customer.objects.filter(pk=subject).values_list("customer_id", flat=True).first()
    return f"/customers/{customer_id}#alarms" if customer_id else "/events"


def _found(rows: QuerySet[Alarm]) -> list[StandingAlarm]:
    return [StandingAlarm(*row) for row in rows.values_list(*_COLUMNS)]
