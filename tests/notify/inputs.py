"""What a decision rests on where nothing stands against it: an alarm to the operator, and the same to the customer."""

from dataclasses import replace
from datetime import timedelta

from felhom_hub.notify.policy import Inputs

HOUR = timedelta(hours=1)
OPERATOR = Inputs(
    audience="operator",
    event_type="node_down",
    severity="error",
    is_switched_on=True,
    is_blocked=False,
    enabled_events=frozenset(),
    provider="resend",
    address="operator@example.org",
    cooldown=HOUR,
)
CUSTOMER = replace(
    OPERATOR,
    audience="customer",
    address="anna@example.hu",
    enabled_events=frozenset(("node_down",)),
    cooldown=6 * HOUR,
)
