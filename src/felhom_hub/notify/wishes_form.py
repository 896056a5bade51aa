"""The form of a customer's wishes, as the template prints it. Asks no database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from felhom_hub.events.catalogue import CATALOGUE, label_of
from felhom_hub.notify.payload import DEFAULT_COOLDOWN_HOURS, MAX_COOLDOWN_HOURS

# In the order in which a person asks: is it there, is it safe, does it work.
_GROUPS: Mapping[str, str] = {
    "node": "Server",
    "backup": "Backup",
    "storage": "Drives",
    "health": "Health",
    "app": "Apps",
    "update": "Updates",
}
_OTHER = "Unknown to this hub"
_LABELS = {"email": "E-mail", "cooldown_hours": "Cooldown, hours", "enabled_events": "Events"}
_HINTS = {
    "email": "Where the Hungarian messages go. Empty: the customer is not mailed.",
    "cooldown_hours": f"So long no second message of the same type is sent: 0 to {MAX_COOLDOWN_HOURS}.",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One line to fill in."""

    name: str
    label: str
    hint: str
    value: str
    problem: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One type of event."""

    event_type: str
    label: str
    is_enabled: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The form; `problems` are label, id of the field, and sentence."""

    email: Field
    cooldown: Field
    groups: list[tuple[str, list[Choice]]]
    problems: list[tuple[str, str, str]]


def form_of(values: Mapping[str, str], enabled: Collection[str], *, problems: Mapping[str, str] | None = None) -> Form:
    """The form with these values; without a cooldown it has the default."""
    problems = problems or {}

    def field(name: str, value: str) -> Field:
        return Field(name, _LABELS[name], _HINTS[name], value, problems.get(name, ""))

    return Form(
        email=field("email", values.get("email", "")),
        cooldown=field("cooldown_hours", values.get("cooldown_hours", str(DEFAULT_COOLDOWN_HOURS))),
        groups=_groups(enabled),
        problems=[(_LABELS[name], f"f-{name}", sentence) for name, sentence in problems.items()],
    )


def _groups(enabled: Collection[str]) -> list[tuple[str, list[Choice]]]:
    """Every type that a customer can be told of, and those that its box has named and the catalogue does not know."""
    wanted = set(enabled)
    listed = [
        (label, [_choice(entry.name, wanted) for entry in CATALOGUE.values() if entry.category == category])
        for category, label in _GROUPS.items()
    ]
    of_groups = {choice.event_type for _, choices in listed for choice in choices}
    other = [_choice(name, wanted) for name in enabled if name not in of_groups]
    return [*listed, (_OTHER, other)] if other else listed


def _choice(event_type: str, wanted: Collection[str]) -> Choice:
    return Choice(event_type, label_of(event_type), event_type in wanted)
