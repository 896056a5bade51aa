"""Stores the messages that another hub has sent or skipped: they are in the log, and nothing is sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from felhom_hub.base.db import Db
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.customers.reporting import customers_reporting
from felhom_hub.notify.models import Delivery, Preferences

_CHANNEL = "email"  # the only one that there was


@dataclass(frozen=True)
class PastMessage:
    """One line of the other hub's log."""

    customer_id: str
    event_type: str
    audience: Delivery.Audience
    recipient: str
    result: Delivery.Result
    reason: str
    answer: str
    at: datetime


def store_past_messages(messages: Sequence[PastMessage], *, now: datetime) -> None:
    """The messages are in the log, in the caller's transaction; an unknown customer becomes a manual one."""
    names = {message.customer_id: "" for message in messages}
    known = customers_reporting(Db(), names, by_global_key=(), now_ms=to_milliseconds(now))
    Delivery.objects.bulk_create(
        Delivery(
            customer_id=known[message.customer_id].pk,
            event_type=message.event_type,
            audience=message.audience,
            channel=_CHANNEL,
            recipient=message.recipient,
            result=message.result,
            reason=message.reason,
            answer=message.answer,
            attempts=int(message.result is not Delivery.Result.SKIPPED),
            ended_at=message.at,
            at=message.at,
        )
        for message in messages
    )


def has_preferences(customer_id: str) -> bool:
    """True where the hub has been told already what the customer wants."""
    return Preferences.objects.filter(customer__customer_id=customer_id).exists()
