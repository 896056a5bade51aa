"""Which alarms stand until another event ends them, who still has to be told of one, and what takes its place. Pure.

One that no event ends (a drive that fills up) stands until it has passed: passing.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from felhom_hub.notify.passing import PASSING
from felhom_hub.notify.policy import ALARMS, RECOVERS, Audience, Decision

INCIDENT_BEGAN, INCIDENT_ENDED = "hub_incident_began", "hub_incident_ended"
_STAND = frozenset().union(*RECOVERS.values()) | {INCIDENT_BEGAN} | PASSING
# The worse alarm tells of the same thing from then on.
_WORSE_THAN: Mapping[str, frozenset[str]] = {
    "node_down": frozenset(("node_stale",)),
    "disk_critical": frozenset(("disk_warning",)),
}
# What holds a message back only for a while: an alarm that still stands then is told.
HOLDING = frozenset(("silenced", "incident"))


@dataclass(frozen=True)
class Standing:
    """One alarm that stands. `pk` is None until it is stored."""

    pk: int | None
    event_pk: int  # its newest event
    since_at: datetime
    incident: str = ""  # that a node's alarm belongs to
    waiting: frozenset[Audience] = frozenset()  # who was not told, because something held it back
    acknowledged_by: str = ""


def stands(event_type: str, severity: str) -> bool:
    """True for an event that is an alarm until another one ends it, or it has passed."""
    return event_type in _STAND and severity in ALARMS


def ended_by(event_type: str) -> frozenset[str]:
    """The types of the same customer's alarms that such an event ends, or tells of in their place."""
    return RECOVERS.get(event_type, _WORSE_THAN.get(event_type, frozenset()))


def waits_after(decision: Decision, *, was_waiting: bool, was_told: bool) -> bool:
    """True where the audience still has to be told of the alarm after that decision about an event of it."""
    if decision.is_sent or was_told:
        return False
    return was_waiting or decision.cause in HOLDING


def standing_after(
    before: Standing | None, event_pk: int, at: datetime, *, incident: str, waiting: frozenset[Audience]
) -> Standing:
    """The alarm after one more event of it: it stands since its first one, and speaks by its newest."""
    if before is None:
        return Standing(None, event_pk, at, incident, waiting)
    return replace(before, event_pk=event_pk, incident=incident, waiting=waiting)
