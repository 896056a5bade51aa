"""What one customer is to be told, in words: where, of which events, how often, and who said so. Asks no database."""

from dataclasses import dataclass
from datetime import datetime

from felhom_hub.events.catalogue import CATALOGUE, label_of
from felhom_hub.notify.queries import StoredPreferences
from felhom_hub.notify.suppressions import Held

_SET_BY = {"controller": "the box", "operator": "the operator"}


@dataclass(frozen=True, slots=True)
class EnabledEvent:
    """One type that the customer wants to hear of."""

    event_type: str
    label: str
    is_catalogued: bool


@dataclass(frozen=True, slots=True)
class PreferencesRow:
    """The preferences as the section prints them; an empty `email` means that the customer is not mailed."""

    email: str
    events: list[EnabledEvent]
    cooldown: str
    set_by: str
    updated_at: datetime
    held: Held | None  # why the address is not mailed


def preferences_row(stored: StoredPreferences | None, *, held: Held | None = None) -> PreferencesRow | None:
    """The preferences in words; None where nobody has said anything."""
    if stored is None:
        return None
    events = [EnabledEvent(each, label_of(each), each in CATALOGUE) for each in stored.enabled_events]
    return PreferencesRow(
        email=stored.email,
        events=events,
        cooldown=f"{stored.cooldown_hours} h for each type" if stored.cooldown_hours else "none",
        set_by=_SET_BY[stored.set_by],
        updated_at=stored.updated_at,
        held=held,
    )
