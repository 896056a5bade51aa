"""The form of a silence, as the template prints it, with what is wrong with each field. Asks no database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from felhom_hub.silences.choices import groups
from felhom_hub.silences.coverage import Known
from felhom_hub.silences.enter import Typed
from felhom_hub.silences.recurrence import Schedule, Window
from felhom_hub.silences.words import length_words, minute_words

_LABELS: Final = {
    "why": "Reason",
    "reach": "Servers",
    "customers": "Customers",
    "tag": "Tag",
    "event_types": "What is silenced",
    "repeats": "When",
    "from": "From",
    "until": "Until",
    "weekdays": "Days",
    "window_from": "From, each time",
    "window_to": "To, each time",
    "last_day": "Last day",
}
_MOMENT: Final = "%Y-%m-%d %H:%M"
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# What an empty form begins with: what costs least where it is a mistake.
_NEW: Final = {"reach": "customers", "types": "some", "repeats": "once", "for_customers": "yes"}


@dataclass(frozen=True, slots=True)
class Field:
    """One line to fill in."""

    name: str
    label: str
    value: str
    problem: str


@dataclass(frozen=True, slots=True)
class Tick:
    """One box to tick."""

    value: str
    label: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class TypeGroup:
    """A group of types with its types; it is open where one of them is ticked."""

    whole: Tick
    types: list[Tick]

    @property
    def is_open(self) -> bool:
        """True where a type of it is ticked beside the group."""
        return any(each.is_ticked for each in self.types)


@dataclass(frozen=True, slots=True)
class Form:
    """The form; `problems` are label, id of the field, and sentence."""

    fields: Mapping[str, Field]
    reach: str
    types: str
    repeats: str
    is_for_customers: bool
    groups: list[TypeGroup]
    weekdays: list[Tick]
    problems: list[tuple[str, str, str]]
    windows: list[tuple[Window, str, bool]]  # those that come next: length in words, and whether it is unusual


def new_form(asked: Mapping[str, str], event_types: Collection[str]) -> Form:
    """The empty form, with what an address asks for: customers, a tag, or types."""
    texts = {**_NEW, **{name: asked[name] for name in ("customers", "tag", "why") if name in asked}}
    if asked.get("tag"):
        texts["reach"] = "tag"
    elif asked.get("reach") == "all":
        texts["reach"] = "all"
    return form_of(Typed(texts, event_types))


def typed_of(known: Known, zone: ZoneInfo) -> Typed:
    """The form of a silence that there is, as somebody would have typed it; for whom it is does not belong to it."""
    schedule = known.schedule
    texts = {"why": known.why, "types": "some" if known.choices else "all"}
    texts["for_customers"] = "yes" if known.is_for_customers else ""
    until = schedule.until_at
    if schedule.repeats:
        texts |= {"repeats": "weekly", "window_from": minute_words(schedule.from_minute)}
        texts["window_to"] = minute_words(schedule.to_minute)
        # It is the midnight behind the last day.
        texts["last_day"] = f"{(until - timedelta(hours=1)).astimezone(zone):%Y-%m-%d}" if until else ""
    else:
        texts |= {"repeats": "once", "from": f"{schedule.from_at.astimezone(zone):{_MOMENT}}"}
        texts["until"] = f"{until.astimezone(zone):{_MOMENT}}" if until else ""
    return Typed(texts, known.choices, [str(day) for day in schedule.weekdays])


def form_of(
    typed: Typed,
    *,
    problems: Mapping[str, str] | None = None,
    schedule: Schedule | None = None,
    windows: Collection[Window] = (),
) -> Form:
    """The form as it was typed; `windows` are those of `schedule` that come next."""
    problems = problems or {}
    chosen, days = frozenset(typed.event_types), frozenset(typed.weekdays)
    return Form(
        fields={
            name: Field(name, label, typed.texts.get(name, ""), problems.get(name, ""))
            for name, label in _LABELS.items()
        },
        reach=typed.text("reach"),
        types=typed.text("types"),
        repeats=typed.text("repeats"),
        is_for_customers=bool(typed.text("for_customers")),
        groups=[
            TypeGroup(
                Tick(group.choice, group.label, group.choice in chosen),
                [Tick(each.name, each.label, each.name in chosen) for each in group.types],
            )
            for group in groups()
        ],
        weekdays=[Tick(str(number), day, str(number) in days) for number, day in enumerate(_DAYS)],
        problems=[(_LABELS[name], f"f-{name}", sentence) for name, sentence in problems.items()],
        windows=[(window, *length_words(window, schedule)) for window in windows] if schedule else [],
    )
