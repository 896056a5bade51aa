"""Questions about messages."""

from dataclasses import dataclass
from datetime import datetime

from felhom_hub.notify.models import Delivery


@dataclass(frozen=True, slots=True)
class RecordedDelivery:
    """One message as it stands."""

    event_type: str
    audience: str
    channel: str
    recipient: str
    result: str
    reason: str
    answer: str
    attempts: int
    at: datetime


def newest_deliveries(customer_pk: int, *, limit: int) -> list[RecordedDelivery]:
    """The newest messages about the customer, newest first, at most `limit`."""
    deliveries = Delivery.objects.filter(customer_id=customer_pk).order_by("-at", "-pk")
    return [RecordedDelivery(*row) for row in deliveries.values_list(*RecordedDelivery.__dataclass_fields__)[:limit]]
