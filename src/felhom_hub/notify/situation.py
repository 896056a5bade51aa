"""What is known when a message is written: the event, its customer, and what the hub has seen of it. Pure."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from felhom_hub.events.catalogue import Severity, is_of_the_hub


@dataclass(frozen=True)
class Situation:
    """Texts are empty, and times None, where nothing is known."""

    event_pk: int | None
    event_type: str
    severity: Severity
    message: str  # the sender's own words
    at: datetime
    now: datetime
    zone: ZoneInfo
    customer_id: str = ""  # empty: the whole fleet
    name: str = ""
    town: str = ""
    domain: str = ""
    phone: str = ""
    last_report_at: datetime | None = None
    last_backup_at: datetime | None = None
    controller_version: str = ""
    held_back: int = 0  # events of the type that were not told
    is_recovery: bool = False
    cooldown: timedelta = timedelta()
    hub_url: str = ""
    incident: str = ""
    later: str = ""  # why it is told later than it happened: `held` back until now, or as a `reminder`
    since: datetime | None = None  # when the alarm began that still stands

    @property
    def is_late(self) -> bool:
        """True where the message could not be sent when it happened."""
        return not self.later and self.now - self.at >= timedelta(minutes=15)


def one_line(text: str, limit: int) -> str:
    """The text on one line without control characters, cut at `limit`: what comes from a box goes into a mail so."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def incident_of(event_type: str, details_json: str) -> str:
    """The incident that the hub's own event belongs to, as it noted it; empty where there is none.

    What a box calls an incident is nothing to us: it must not hold its own alarms back.
    """
    number = _details(event_type, details_json, "incident").get("incident")
    return str(number)[:20] if isinstance(number, int | str) else ""


def is_damped(event_type: str, details_json: str) -> bool:
    """True where the hub's own event is one of many that were told as one: the server is unsteady."""
    return _details(event_type, details_json, "unsteady").get("unsteady") is True


def _details(event_type: str, details_json: str, name: str) -> dict[str, object]:
    if not is_of_the_hub(event_type) or f'"{name}"' not in details_json:
        return {}
    try:
        details = json.loads(details_json)
    except (ValueError, RecursionError):
        return {}
    return details if isinstance(details, dict) else {}
