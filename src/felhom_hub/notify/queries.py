"""Questions about messages, and about what customers want to be told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from felhom_hub.notify.models import Alarm, Delivery, Preferences


@dataclass(frozen=True, slots=True)
class RecordedDelivery:
    """One message as it stands."""

    event_id: int | None  # a summary of many has none
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
    """The newest messages about the customer, newest first, at most `limit`.

    Without the events that nobody has asked to be told of: each has a row for each audience, and they are many.
    """
    deliveries = Delivery.objects.filter(is_ordinary=False, customer_id=customer_pk).order_by("-at", "-pk")
    return [RecordedDelivery(*row) for row in deliveries.values_list(*RecordedDelivery.__dataclass_fields__)[:limit]]


def needed_events(events: Sequence[int]) -> set[int]:
    """Those of the events with these keys that a message is kept of, or an alarm that stands."""
    told = Delivery.objects.filter(event_id__in=events).values_list("event_id", flat=True)
    return {*told, *Alarm.objects.filter(event_id__in=events).values_list("event_id", flat=True)}


@dataclass(frozen=True, slots=True)
class StoredPreferences:
    """What one customer is to be told; an empty `email` switches the messages to the customer off."""

    email: str
    enabled_events: tuple[str, ...]
    cooldown_hours: int
    set_by: str
    updated_at: datetime


def preferences_of(customer_pk: int) -> StoredPreferences | None:
    """The customer's preferences; None where nobody has said anything."""
    row = Preferences.objects.filter(customer_id=customer_pk).first()
    if row is None:
        return None
    enabled = tuple(json.loads(row.enabled_events))
    return StoredPreferences(row.email, enabled, row.cooldown_hours, row.set_by, row.updated_at)
