"""A stored message with plain defaults, for the tests of what is shown of messages."""

import json
from datetime import timedelta
from typing import Any

from tests.build import NOW

from felhom_hub.customers.models import Customer
from felhom_hub.notify.models import Delivery, Preferences, Suppression


def make_message(*, minutes: float = 0, **columns: Any) -> Delivery:
    """A message to the operator about the fleet that was sent so many minutes ago; `columns` are its own."""
    at = NOW - timedelta(minutes=minutes)
    return Delivery.objects.create(
        **{
            "event_type": "node_down",
            "audience": "operator",
            "channel": "email",
            "recipient": "operator@example.org",
            "result": "sent",
            "answer": "accepted as re-1",
            "attempts": 1,
            "first_tried_at": at,
            "ended_at": at + timedelta(milliseconds=600),
            "at": at,
            **columns,
        }
    )


def make_wishes(customer: Customer, *types: str, email: str = "anna@example.hu", hours: int = 6) -> Preferences:
    """What the customer's box has said of whom to mail, and of which events."""
    return Preferences.objects.create(
        customer=customer,
        email=email,
        enabled_events=json.dumps(types),
        cooldown_hours=hours,
        set_by="controller",
        updated_at=NOW,
    )


def make_suppression(address: str, cause: str = "bounced") -> Suppression:
    """An address that is not mailed."""
    return Suppression.objects.create(address=address, cause=cause, words="no such user", at=NOW)
