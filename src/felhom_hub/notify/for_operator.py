"""The operator's letter about an event, in English. Pure."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from felhom_hub.base.words import span_words, zone_words
from felhom_hub.events.catalogue import label_of, texts_of
from felhom_hub.notify.advice import Advice
from felhom_hub.notify.advice_en import ADVICE_EN, GENERIC_EN
from felhom_hub.notify.letter import Letter, Tone
from felhom_hub.notify.situation import Situation, one_line

_MAX_MESSAGE = 600
_TONES: dict[str, Tone] = {"error": "down", "warning": "warn", "info": "info"}
_SILENT = frozenset(("node_down", "node_stale"))
# What the hub sends about itself, and why.
_WHY = {
    "test": "You get this because a test of this channel was asked for.",
    "hub_alarm_test": "You get this once a day, as the proof that alarms reach you.",
}


def operator_letter(situation: Situation) -> Letter:
    """What happened, since when, what it means, what to do first, and where to look."""
    advice = _advice(situation)
    who = situation.name or situation.customer_id or ("The hub" if situation.event_type in _WHY else "The fleet")
    tag = f"STILL {advice.tag}" if situation.later else advice.tag
    return Letter(
        language="en",
        tone="ok" if situation.is_recovery else _TONES[situation.severity],
        tag=tag,
        subject=f"[{tag}] {who}: {advice.heading}",
        heading=f"{who}: {advice.heading}",
        preview=_what(situation),
        greeting="",
        paragraphs=tuple(
            each for each in (*_still(situation), _what(situation), advice.meaning, *_notes(situation)) if each
        ),
        facts=_facts(situation),
        steps_heading="Next steps",
        steps=advice.steps,
        link_label=_link_label(situation, who),
        link=_link(situation),
        closing=(),
        footer=_footer(situation),
        why_link=_why_link(situation),
    )


def heading_of(event_type: str) -> str:
    """What is wrong in a few words; of a type that nobody has written any for, its name."""
    known = ADVICE_EN.get(event_type)
    return known.heading if known else label_of(event_type).lower()


def _advice(situation: Situation) -> Advice:
    known = ADVICE_EN.get(situation.event_type)
    return known or replace(GENERIC_EN[situation.severity], heading=heading_of(situation.event_type))


def _what(situation: Situation) -> str:
    """The sender's words, or the catalogue's where it sent none."""
    said = one_line(situation.message, _MAX_MESSAGE)
    return said or texts_of(situation.event_type, situation.severity).english


def _still(situation: Situation) -> list[str]:
    if not situation.later or situation.since is None:
        return []
    stands = (
        f"has stood since {time_words(situation, situation.since)}, for {span_words(situation.now - situation.since)}"
    )
    if situation.later == "reminder":
        return [f"This is a reminder: the alarm {stands}. It ends when you acknowledge it on the dashboard."]
    return [f"You were not told of this when it began. It {stands}, and what held the message back is over."]


def _notes(situation: Situation) -> list[str]:
    notes = []
    if situation.held_back:
        times = "time" if situation.held_back == 1 else "times"
        notes.append(f"It happened {situation.held_back} more {times} since the last message; those were held back.")
    if situation.is_late:
        notes.append(f"This message could not be sent for {span_words(situation.now - situation.at)}.")
    return notes


def _facts(situation: Situation) -> tuple[tuple[str, str], ...]:
    place = ", ".join(each for each in (situation.name, situation.town) if each)
    server = f"{place} ({situation.customer_id})" if place else situation.customer_id
    when = "Silent since" if situation.event_type in _SILENT and situation.last_report_at else "When"
    since = situation.last_report_at if when == "Silent since" else situation.at
    backup = time_words(situation, situation.last_backup_at)
    pairs = (
        ("Server", server),
        ("Incident", "" if situation.customer_id else situation.incident),
        (when, f"{time_words(situation, since)} {zone_words(situation.zone)}"),
        ("Address", situation.domain),
        ("Controller", situation.controller_version),
        ("Last backup", backup),
        ("Phone", situation.phone),
    )
    return tuple((name, one_line(value, 200)) for name, value in pairs if value)


def time_words(situation: Situation, at: datetime | None) -> str:
    """The local time as the operator reads it: "Thu 12 Mar 2026, 12:18"."""
    # Not strftime's names of days and months, which are the machine's language.
    if at is None:
        return ""
    local = at.astimezone(situation.zone)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[local.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[local.month - 1]
    return f"{day} {local.day} {month} {local.year}, {local:%H:%M}"


def _link_label(situation: Situation, who: str) -> str:
    if situation.customer_id:
        return f"Open {who}"
    return f"Open incident {situation.incident}" if situation.incident else "Open the hub"


def _link(situation: Situation) -> str:
    if not situation.hub_url:
        return ""
    if situation.customer_id:
        return f"{situation.hub_url}/customers/{quote(situation.customer_id)}"
    return f"{situation.hub_url}/incidents/{situation.incident}" if situation.incident else situation.hub_url


def _why_link(situation: Situation) -> str:
    is_kept = situation.hub_url and situation.event_pk is not None
    return f"{situation.hub_url}/why/{situation.event_pk}" if is_kept else ""


def _footer(situation: Situation) -> tuple[str, ...]:
    why = (
        "You get this because you were told of the alarm that is over now."
        if situation.is_recovery
        else "You get this because operator mail is on for warnings and errors."
    )
    if not situation.customer_id:
        return (_WHY.get(situation.event_type, why),)
    if situation.is_recovery:
        return (why,)
    return why, "At most one mail an hour for each customer and event type."
