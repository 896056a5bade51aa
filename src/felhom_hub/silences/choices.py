"""Which event types a silence is for: whole groups, single types, or all. Pure.

A choice is a type's name, or `group:` and a category; a type that the catalogue gets later belongs to its group's
silences from then on. What no catalogue knows has a group of its own, and a test is never silenced.
"""

from collections.abc import Collection
from dataclasses import dataclass

from felhom_hub.events.catalogue import ALIASES, CATALOGUE, EventType, label_of
from felhom_hub.events.categories import CATEGORIES

GROUP = "group:"
UNCATALOGUED = f"{GROUP}uncatalogued"
# No alarms about a server: they prove that messages arrive, and a silence would make the way look broken.
NEVER_SILENCED = frozenset(("hub_alarm_test", "test"))


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the form with its types; the one of uncatalogued types has none."""

    choice: str
    label: str
    types: tuple[EventType, ...]


def groups() -> list[Group]:
    """All that can be chosen, in the order of the form."""
    silenced = [each for each in CATALOGUE.values() if each.name not in NEVER_SILENCED]
    listed = [
        Group(GROUP + category, label, tuple(each for each in silenced if each.category == category))
        for category, label in CATEGORIES.items()
    ]
    return [*(group for group in listed if group.types), Group(UNCATALOGUED, "Types unknown to this hub", ())]


def possible() -> frozenset[str]:
    """Every choice that there is."""
    return frozenset(choice for group in groups() for choice in (group.choice, *(each.name for each in group.types)))


def is_chosen(choices: Collection[str], event_type: str) -> bool:
    """True where a silence with these choices is for that type; without any it is for every type but tests."""
    if event_type in NEVER_SILENCED:
        return False
    if not choices:
        return True
    known = CATALOGUE.get(ALIASES.get(event_type, event_type))
    return event_type in choices or (
        UNCATALOGUED in choices if known is None else known.name in choices or f"{GROUP}{known.category}" in choices
    )


def choice_words(choices: Collection[str]) -> str:
    """What is silenced, as a list prints it: "all types", "server silent, Drive is filling up"."""
    if not choices:
        return "all types"
    whole = [group for group in groups() if group.choice in choices]
    within = {each.name for group in whole for each in group.types}
    single = [label_of(choice) for choice in choices if not choice.startswith(GROUP) and choice not in within]
    return ", ".join([*(group.label.lower() for group in whole), *single])
