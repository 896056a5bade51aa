"""Says of a kept decision why a message was sent or not: the checks in the order that policy.py makes them. Pure.

Everything is read from what was kept when it was decided: the rules and wishes of today change none of it. A check
that did not exist or had nothing to say then is left out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from felhom_hub.base.words import count_words, date_words, span_words
from felhom_hub.notify.policy import ALWAYS_TOLD, NOT_AN_ALARM
from felhom_hub.silences.choices import NEVER_SILENCED

# Whoever looks at another's address sees no more of it than tells it from others.
_SHOWN_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """One decision about an event, for one audience and channel, with what became of its message."""

    pk: int
    event_pk: int
    event_type: str
    audience: str
    channel: str
    recipient: str
    result: str
    reason: str
    answer: str
    attempts: int
    inputs: Mapping[str, Any]
    again_of: int | None
    at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    is_of_fleet: bool

    @property
    def cause(self) -> str:
        """Why it was decided against; empty where it was decided to send."""
        cause = self.inputs.get("cause", "")
        return cause if isinstance(cause, str) else ""

    @property
    def silence(self) -> int:
        """The number of the silence that covered it; 0 where none did."""
        number = self.inputs.get("silence", 0)
        return number if isinstance(number, int) else 0

    @property
    def later(self) -> str:
        """Why it was decided after its event was: `held` (what held it back is over) or `reminder`; else empty."""
        return str(self.inputs.get("later", ""))

    @property
    def recovers(self) -> list[str]:
        """The alarms that were told and that this event ends."""
        found = self.inputs.get("recovers", [])
        return [str(each) for each in found] if isinstance(found, list) else []


class State(StrEnum):
    """What a check came to."""

    PASSED = "passed"
    DECIDED = "decided"  # against the message
    FAILED = "failed"
    WAITS = "waits"
    NOT_LOOKED_AT = "not"


@dataclass(frozen=True, slots=True)
class Check:
    """One check with its input; `note` stands below it in small print."""

    name: str
    state: State
    words: str
    note: str = ""
    incident: str = ""  # to link to
    silence: int = 0  # likewise


def checks_of(kept: Kept, *, zone: ZoneInfo) -> list[Check]:
    """The checks in their order, up to the try; none where the decision itself failed and nothing was kept."""
    if not kept.inputs:
        return []
    found: list[Check] = []
    is_decided = False
    for name, words_of in _steps(kept):
        if is_decided:
            found.append(Check(name, State.NOT_LOOKED_AT, "not looked at"))
            continue
        is_decided = _DECIDERS.get(kept.cause) == name or (kept.cause == "not enabled" and name == _wanted_step(kept))
        words, note = words_of(kept, zone)
        incident = str(kept.inputs.get("incident", "")) if name == _ONE_CAUSE else ""
        silence = kept.silence if name == _SILENCE else 0
        found.append(Check(name, State.DECIDED if is_decided else State.PASSED, words, note, incident, silence))
    return [*found, _sending(kept, zone)]


def verdict_of(kept: Kept, *, zone: ZoneInfo) -> tuple[str, str]:
    """What became of it in one word or two, and the rest of the sentence: ("not sent", "cooldown until 16:06")."""
    tries = f"after {count_words(kept.attempts, 'try', 'tries')}" if kept.attempts > 1 else ""
    if kept.result == "sent":
        return "sent", tries
    if kept.result == "failed":
        why = kept.answer or kept.reason
        return "failed", f"{tries}: {why}" if tries else why
    if kept.result == "queued":
        return "waiting", f"try {kept.attempts} failed, is tried again" if kept.attempts else "for its turn"
    return "not sent", _reason_words(kept, zone)


def _reason_words(kept: Kept, zone: ZoneInfo) -> str:
    if kept.cause == "cooldown":
        until = _cooldown_until(kept)
        return f"cooldown until {_when(until, kept.at, zone)}" if until else "cooldown"
    if kept.cause == "not enabled":
        return _SHORT_WANTS[_wanted_step(kept)]
    return _SHORT.get(kept.cause, kept.reason or "no reason is kept")


def masked(recipient: str) -> str:
    """The address without its owner: "p…@example.hu". What is no mail address shows its first letters alone."""
    name, at, domain = recipient.rpartition("@")
    if at and name:
        return f"{name[0]}…@{domain}"
    return f"{recipient[:_SHOWN_LETTERS]}…" if recipient else ""


_SHORT = {
    "blocked": "customer is blocked",
    "no provider": "no mail provider is set up",
    "no address": "no address is known",
    "suppressed": "the address is not mailed any more",
    "incident": "held, one cause",
    "unsteady": "held, unsteady was told once",
    "deaf": "held, the hub could not hear",
    "acknowledged": "acknowledged",
}

Words = tuple[str, str]
Step = tuple[str, Callable[[Kept, ZoneInfo], Words]]

_BLOCKED, _SEVERITY, _SWITCH, _PROVIDER, _ADDRESS, _BOUNCES = (
    "Blocked customer?", "Severity", "Operator’s messages", "Provider", "Address", "Bounces",
)  # fmt: skip
_STILL, _TYPE, _ENDS, _ONE_CAUSE, _COOLDOWN = "Still stands?", "Event type", "Ends an alarm", "One cause?", "Cooldown"
_SILENCE, _ACKNOWLEDGED, _UNSTEADY, _HEARING = "Silence", "Acknowledged", "Unsteady server?", "Hearing"
_DECIDERS = {
    "blocked": _BLOCKED,
    "no provider": _PROVIDER,
    "no address": _ADDRESS,
    "suppressed": _BOUNCES,
    "silenced": _SILENCE,
    "acknowledged": _ACKNOWLEDGED,
    "incident": _ONE_CAUSE,
    "unsteady": _UNSTEADY,
    "deaf": _HEARING,
    "cooldown": _COOLDOWN,
}

_SHORT_WANTS = {
    _SEVERITY: "info is not sent",
    _SWITCH: "messages are switched off",
    _TYPE: "not on its list of events",
}


def _wanted_step(kept: Kept) -> str:
    if kept.audience == "customer":
        return _TYPE
    return _SEVERITY if kept.reason == NOT_AN_ALARM else _SWITCH


def _steps(kept: Kept) -> Iterator[Step]:
    """The steps of policy.py's `decide` that have something to say of this decision."""
    is_operator = kept.audience == "operator"
    if kept.later:
        yield _STILL, _still_words
    if not kept.is_of_fleet:
        yield _BLOCKED, lambda kept, _: ("the customer is blocked" if kept.inputs.get("blocked") else "no", "")
    if is_operator:
        yield _SEVERITY, _severity_words
        yield _SWITCH, lambda kept, _: ("off in hub.yaml" if kept.cause == "not enabled" else "on", "")
    elif not kept.recovers:
        yield _TYPE, _type_words
    yield _PROVIDER, lambda kept, _: (str(kept.inputs.get("provider") or "none is set up"), "")
    yield _ADDRESS, lambda kept, _: (masked(kept.recipient) or "none is known", "")
    if kept.inputs.get("suppressed"):
        yield _BOUNCES, lambda kept, _: (str(kept.inputs["suppressed"]), "")
    if kept.recovers:
        yield _ENDS, lambda kept, _: (f"{', '.join(kept.recovers)} was told, so its end is told as well", "")
        return
    yield from _held_back(kept)
    if not kept.later:
        yield _COOLDOWN, _cooldown_words


def _held_back(kept: Kept) -> Iterator[Step]:
    if kept.inputs.get("silenced"):
        yield _SILENCE, lambda kept, _: (f"silenced: {kept.inputs['silenced']}", "")
    elif kept.event_type in NEVER_SILENCED:
        yield _SILENCE, lambda *_: ("none holds back a test, which is no alarm", "")
    if kept.inputs.get("acknowledged"):
        yield _ACKNOWLEDGED, lambda kept, _: (f"by {kept.inputs['acknowledged']}", "")
    if not kept.is_of_fleet:
        yield _ONE_CAUSE, _incident_words
    if kept.inputs.get("damped"):
        yield _UNSTEADY, lambda *_: ("it falls silent again and again, which was told once", "")
    if kept.inputs.get("deaf"):
        yield _HEARING, lambda *_: ("the hub could not hear at the time", "")


def _still_words(kept: Kept, zone: ZoneInfo) -> Words:
    since = _instant(kept.inputs.get("since"))
    words = f"yes, since {_when(since, kept.at, zone)}" if since else "yes"
    if kept.later == "reminder":
        return words, "A reminder, which is sent until it is over or acknowledged"
    return words, "It was held back before; what held it is over"


def _severity_words(kept: Kept, _: ZoneInfo) -> Words:
    severity = str(kept.inputs.get("severity", ""))
    if severity == "info" and kept.recovers:
        return "info, but it ends an alarm that was told", ""
    if severity == "info" and kept.event_type in ALWAYS_TOLD:
        return "info, but one of this kind is always told", ""
    return f"{severity}, the operator is told of warnings and errors", ""


def _type_words(kept: Kept, _: ZoneInfo) -> Words:
    if kept.inputs.get("enabled"):
        return f"{kept.event_type} is on", ""
    if kept.cause == "not enabled":
        return f"{kept.event_type} is not on the customer’s list", ""
    return f"{kept.event_type} was asked for at the box itself", ""


def _incident_words(kept: Kept, _: ZoneInfo) -> Words:
    incident = kept.inputs.get("incident")
    return (f"incident {incident} tells of it", "") if incident else ("no open incident holds this event", "")


def _cooldown_words(kept: Kept, zone: ZoneInfo) -> Words:
    hours = kept.inputs.get("cooldown_hours", 0)
    whose = "for each customer and type" if kept.audience == "operator" else "chosen by the customer"
    length = f"{hours:g} h {whose}" if isinstance(hours, int | float) else whose
    told_at, until = _instant(kept.inputs.get("told_at")), _cooldown_until(kept)
    if told_at is None:
        return f"{length}, not told of before", ""
    if kept.cause == "cooldown" and until is not None:
        held_back = kept.inputs.get("held_back")
        more = f"; {held_back} held back before it" if held_back else ""
        return f"until {_when(until, kept.at, zone)}, {length}", f"Told last {_when(told_at, kept.at, zone)}{more}"
    return f"{length}, told last {_when(told_at, kept.at, zone)}", f"{span_words(kept.at - told_at)} before, so free"


def _sending(kept: Kept, zone: ZoneInfo) -> Check:
    name, tries = "Send", f"after {count_words(kept.attempts, 'try', 'tries')}"
    answer = f"The provider’s answer: {kept.answer}" if kept.answer else ""
    ended = _when(kept.ended_at, kept.at, zone) if kept.ended_at else ""
    if kept.cause:
        return Check(name, State.NOT_LOOKED_AT, "not tried")
    if kept.result == "sent":
        return Check(name, State.PASSED, f"accepted {ended} {tries}".replace("  ", " "), answer)
    if kept.result == "failed":
        return Check(name, State.FAILED, f"given up {ended} {tries}: {kept.reason}".replace("  ", " "), answer)
    if kept.result == "skipped":
        return Check(name, State.DECIDED, kept.reason, answer)
    if not kept.attempts:
        return Check(name, State.WAITS, "waits for its turn")
    at = f"next {_when(kept.next_at, kept.at, zone)}" if kept.next_at else "under way"
    return Check(name, State.WAITS, f"try {kept.attempts} failed, {at}", answer)


def _cooldown_until(kept: Kept) -> datetime | None:
    told_at, hours = _instant(kept.inputs.get("told_at")), kept.inputs.get("cooldown_hours")
    return told_at + timedelta(hours=hours) if told_at is not None and isinstance(hours, int | float) else None


def _instant(written: object) -> datetime | None:
    try:
        return datetime.fromisoformat(written) if isinstance(written, str) and written else None
    except ValueError:
        return None


def _when(at: datetime, beside: datetime, zone: ZoneInfo) -> str:
    """The local time, with its day where that is not the day of `beside`."""
    local = at.astimezone(zone)
    is_same_day = local.date() == beside.astimezone(zone).date()
    return f"{local:%H:%M}" if is_same_day else f"{date_words(at, zone)}, {local:%H:%M}"
