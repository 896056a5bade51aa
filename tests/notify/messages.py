"""A stored message with plain defaults, for the tests of what is shown of messages."""

from datetime import timedelta
from typing import Any

from tests.build import NOW

from felhom_hub.notify.models import Delivery


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
