"""The letters that tell of several messages at once, after the provider was away. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from felhom_hub.events.catalogue import texts_of
from felhom_hub.notify.advice_hu import ADVICE_HU
from felhom_hub.notify.for_customer import date_words
from felhom_hub.notify.for_operator import heading_of, time_words
from felhom_hub.notify.letter import Letter
from felhom_hub.notify.situation import Situation, one_line

_MOST = 50  # lines; what is beyond them is counted


@dataclass(frozen=True)
class HeldUp:
    """One message that was not sent in time."""

    at: datetime
    name: str
    event_type: str


def operator_summary(situation: Situation, held_up: Sequence[HeldUp]) -> Letter:
    """The operator's, oldest first."""
    count = len(held_up)
    title = f"{count} messages were held up"
    facts = [
        (time_words(situation, each.at), f"{one_line(each.name, 100) or 'The fleet'}: {heading_of(each.event_type)}")
        for each in held_up[:_MOST]
    ]
    return Letter(
        language="en",
        tone="warn",
        tag="HELD UP",
        subject=f"[HELD UP] {title}",
        heading=title,
        preview=title,
        greeting="",
        paragraphs=(
            (
                "They could not be sent when they were due, because the mail provider did not accept them. "
                "This is the only message about them."
            ),
            *((f"The first {_MOST} are listed; the hub has them all.",) if count > _MOST else ()),
        ),
        facts=tuple(facts),
        steps_heading="Next steps",
        steps=("Look at the fleet: what has recovered since is in the list too.",),
        link_label="Open the hub",
        link=situation.hub_url,
        closing=(),
        footer=("You get this because operator mail is on for warnings and errors.",),
    )


def operator_standing(situation: Situation, standing: Sequence[HeldUp]) -> Letter:
    """The operator's, of alarms that still stand: each with when it began, oldest first."""
    count, ordered = len(standing), sorted(standing, key=lambda each: each.at)
    title = f"{count} alarms still stand"
    facts = [
        (time_words(situation, each.at), f"{one_line(each.name, 100) or 'The fleet'}: {heading_of(each.event_type)}")
        for each in ordered[:_MOST]
    ]
    return Letter(
        language="en",
        tone="down" if situation.severity == "error" else "warn",
        tag="STILL",
        subject=f"[STILL] {title}",
        heading=title,
        preview=title,
        greeting="",
        paragraphs=(
            (
                "They were held back and nothing holds them any more, or it is time to be reminded of them. "
                "This is the only message about them now."
            ),
            *((f"The first {_MOST} are listed; the hub has them all.",) if count > _MOST else ()),
        ),
        facts=tuple(facts),
        steps_heading="Next steps",
        steps=("Look at each. What you acknowledge on the dashboard, you are not reminded of.",),
        link_label="Open the hub",
        link=f"{situation.hub_url}/events" if situation.hub_url else "",
        closing=(),
        footer=("You get this because operator mail is on for warnings and errors.",),
    )


def customer_summary(situation: Situation, held_up: Sequence[HeldUp]) -> Letter:
    """The customer's, oldest first."""
    name = one_line(situation.name, 100)
    return Letter(
        language="hu",
        tone="info",
        tag="ÖSSZEFOGLALÓ",
        subject="Összefoglaló a szervere elmaradt értesítéseiről",
        heading="Összefoglaló a szervere elmaradt értesítéseiről",
        preview=f"{len(held_up)} értesítést csak késve tudtunk elküldeni.",
        greeting=f"Kedves {name}!" if name else "Kedves Ügyfelünk!",
        paragraphs=(
            (
                f"Levelezési hiba miatt {len(held_up)} értesítést csak most, egy levélben tudunk elküldeni Önnek. "
                "Elnézést kérünk a késésért."
            ),
        ),
        facts=tuple((date_words(situation, each.at), _what(each.event_type)) for each in held_up[-_MOST:]),
        steps_heading="",
        steps=(),
        link_label="",
        link="",
        closing=("Üdvözlettel:", "a Felhom csapata"),
        footer=("Ezt a levelet azért kapta, mert az értesítések be vannak kapcsolva a szerverén.",),
    )


def _what(event_type: str) -> str:
    known = ADVICE_HU.get(event_type)
    return known.heading if known else texts_of(event_type, "info").hungarian
