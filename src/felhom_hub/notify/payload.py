"""Reads preferences: document → `PreferencesFacts`; refuses an address, list or number that cannot be meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from felhom_hub.base.errors import Impossible
from felhom_hub.base.tolerant import as_number
from felhom_hub.customers.details import checked_email
from felhom_hub.events.catalogue import TYPE_FORM

DEFAULT_COOLDOWN_HOURS = 6
MAX_COOLDOWN_HOURS = 168
MAX_ENABLED_EVENTS = 500  # many times the catalogue; the customer's page lists them


@dataclass(frozen=True)
class PreferencesFacts:
    """What a customer wants to be told; None for what was not said, which leaves what is stored."""

    customer_id: str
    email: str | None
    enabled_events: tuple[str, ...] | None
    cooldown_hours: int | None


def read_preferences(document: Mapping[str, Any], *, customer_id: str) -> PreferencesFacts:
    """The preferences in the document.

    A member that is missing was not said. `null` is what it is to a controller, which is written in Go: no address,
    no events, and of the cooldown the default. Raises Impossible with the member and its rule.
    """
    return PreferencesFacts(
        customer_id=customer_id,
        email=_email(document["email"]) if "email" in document else None,
        enabled_events=_enabled_events(document["enabled_events"]) if "enabled_events" in document else None,
        cooldown_hours=_cooldown_hours(document["cooldown_hours"]) if "cooldown_hours" in document else None,
    )


def _email(value: object) -> str:
    if value is None:
        return ""
    # What is no text is as little an address as an empty name.
    text = value if isinstance(value, str) else "@"
    return checked_email(text) if text.strip() else ""


def _enabled_events(value: object) -> tuple[str, ...]:
    """The types in their order, each once; unknown ones are kept, since a newer controller may know more of them.

    What no event's type can look like is read over.
    """
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Impossible("enabled_events must be a list of event types")
    types = tuple(dict.fromkeys(each for each in value if isinstance(each, str) and TYPE_FORM.fullmatch(each)))
    if len(types) > MAX_ENABLED_EVENTS:
        raise Impossible(f"enabled_events must name at most {MAX_ENABLED_EVENTS} event types")
    return types


def _cooldown_hours(value: object) -> int:
    if value is None:
        return DEFAULT_COOLDOWN_HOURS
    hours = as_number(value)
    if hours is None or not hours.is_integer() or not 0 <= hours <= MAX_COOLDOWN_HOURS:
        raise Impossible(f"cooldown_hours must be a whole number from 0 to {MAX_COOLDOWN_HOURS}")
    return int(hours)
