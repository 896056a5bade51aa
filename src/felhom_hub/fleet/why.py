"""Puts the page together that says of one event who was told of it, and why or why not."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from felhom_hub.events.fleet_events import FleetEvent, event_by_number
from felhom_hub.fleet.event_rows import page_of
from felhom_hub.fleet.timeline import EventLine, line_of
from felhom_hub.fleet.told import channel_word
from felhom_hub.notify.decisions import decisions_about
from felhom_hub.notify.ledger import Check, Kept, State, checks_of, masked, verdict_of

# Tone, mark and tag of what became of a message.
_LOOKS = {
    "sent": ("ok", "ok", "Sent"),
    "failed": ("down", "down", "Failed"),
    "queued": ("info", "pending", "Waiting"),
    "skipped": ("idle", "paused", "Not sent"),
}
_LATER = {"held": "told later", "reminder": "reminder"}
# How a check looks: tone, mark and class of its row.
_CHECK_LOOKS = {
    State.PASSED: ("ok", "ok", ""),
    State.DECIDED: ("idle", "paused", " stop"),
    State.FAILED: ("down", "down", " stop"),
    State.WAITS: ("info", "pending", ""),
    State.NOT_LOOKED_AT: ("idle", "pending", " not"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One check as the ledger prints it; `css` is the class of its row."""

    check: Check
    tone: str
    mark: str
    css: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """One decision with its checks; `verdict` is printed bold in the short list, `rest` after it."""

    anchor: str
    channel: str
    again: str  # where it is a later message about the event: why there is one
    tone: str
    mark: str
    tag: str
    to: str
    verdict: str
    rest: str
    ended_at: datetime | None
    reason: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Audience:
    """Everything that was decided about the event for one audience."""

    name: str
    ledgers: list[Ledger]


@dataclass(frozen=True, slots=True)
class WhyPage:
    """All that the page prints."""

    event: FleetEvent
    line: EventLine
    customer_path: str
    audiences: list[Audience]
    state: str  # in words, for the browser's tab


def why_page(number: int, *, zone: ZoneInfo) -> WhyPage | None:
    """The page of one event, or None where there is no such event. Two queries."""
    event = event_by_number(number)
    if event is None:
        return None
    kept = decisions_about([event.pk])[event.pk]
    by_audience = groupby(sorted(kept, key=lambda each: each.audience != "operator"), key=lambda each: each.audience)
    return WhyPage(
        event=event,
        line=line_of(event),
        customer_path=page_of(event),
        audiences=[Audience(name.capitalize(), [_ledger(each, zone) for each in group]) for name, group in by_audience],
        state=_state({each.result for each in kept}),
    )


def _ledger(kept: Kept, zone: ZoneInfo) -> Ledger:
    tone, mark, tag = _LOOKS.get(kept.result, _LOOKS["skipped"])
    verdict, rest = verdict_of(kept, zone=zone)
    return Ledger(
        anchor=f"d-{kept.pk}",
        channel=channel_word(kept.channel).capitalize(),
        again="sent again" if kept.again_of is not None else _LATER.get(kept.later, ""),
        tone=tone,
        mark=mark,
        tag=f"{tag}, try {kept.attempts}" if kept.result == "sent" and kept.attempts > 1 else tag,
        to=masked(kept.recipient),
        verdict=verdict,
        rest=rest,
        ended_at=kept.ended_at if kept.result == "sent" else None,
        reason=kept.reason,
        rows=[Row(check, *_CHECK_LOOKS[check.state]) for check in checks_of(kept, zone=zone)],
    )


def _state(results: set[str]) -> str:
    for result, words in (("failed", "a message failed"), ("queued", "on its way"), ("sent", "told")):
        if result in results:
            return words
    return "nobody told"
