"""Takes in `events`, `customer_notifications` and `notification_log`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from felhom_hub.base.db import Db
from felhom_hub.base.errors import Impossible
from felhom_hub.base.tolerant import BadJsonError, as_sent, decode_json
from felhom_hub.events.catalogue import SEVERITIES, TYPE_FORM, Severity, default_severity_of
from felhom_hub.events.past import PastEvent, store_past_events
from felhom_hub.legacy.entry import NO_TIME, NOT_A_CUSTOMER, Entry, Outcome
from felhom_hub.notify.models import Delivery
from felhom_hub.notify.past import PastMessage, has_preferences, store_past_messages
from felhom_hub.notify.payload import read_preferences
from felhom_hub.notify.record import IncomingPreferences, set_preferences

_MESSAGE, _DETAILS, _SOURCE, _REASON, _ANSWER, _RECIPIENT = 4000, 256 * 1024, 64, 200, 500, 320
_NO_TYPE: Final = "its event type cannot be one"
_SEVERITIES: Final[dict[str, Severity]] = {
    **{each: each for each in SEVERITIES}, "warn": "warning", "err": "error", "critical": "error",
}  # fmt: skip
# Words that say more than what becomes of them, or something else; the rest are the same in other words.
_LOSSY: Final = frozenset({"critical", "cooldown", "disabled", "suppressed", "blocked", "delivered"})
_RESULTS: Final = {
    **dict.fromkeys(("sent", "ok", "success", "delivered"), Delivery.Result.SENT),
    **dict.fromkeys(("skipped", "skip", "cooldown", "disabled", "suppressed", "blocked"), Delivery.Result.SKIPPED),
    **dict.fromkeys(("failed", "fail", "error"), Delivery.Result.FAILED),
}
_AUDIENCES: Final = {
    "": Delivery.Audience.CUSTOMER, "customer": Delivery.Audience.CUSTOMER, "operator": Delivery.Audience.OPERATOR,
}  # fmt: skip


def take_events(entries: Sequence[Entry], now: datetime) -> Outcome:
    """Each is in the history, and nobody is told of it again."""
    outcome, events = Outcome(), []
    for entry in entries:
        customer_id, at, event_type = entry.customer(), entry.time("created_at"), entry.whole("event_type").strip()
        problem = _problem(customer_id, at, event_type)
        if problem or customer_id is None or at is None:
            outcome.refused[entry.number] = problem
            continue
        severity = entry.whole("severity").strip().lower()
        if severity and (severity not in _SEVERITIES or severity in _LOSSY):
            outcome.put_aside(entry, "severity")
        texts = {
            "message": entry.text("message", _MESSAGE),
            "details_json": as_sent(entry.whole("details_json"), _DETAILS) or "",
            "source": entry.text("source", _SOURCE) or "controller",
        }
        outcome.put_aside_changed(entry, texts)
        known = _SEVERITIES.get(severity) or default_severity_of(event_type)
        events.append(PastEvent(customer_id=customer_id, event_type=event_type, severity=known, created_at=at, **texts))
    store_past_events(events, now=now)
    outcome.stored = len(events)
    return outcome


def take_messages(entries: Sequence[Entry], now: datetime) -> Outcome:
    """Each is in the log of messages."""
    outcome, messages = Outcome(), []
    for entry in entries:
        customer_id, at, event_type = entry.customer(), entry.time("at"), entry.whole("event_type").strip()
        word = entry.whole("result").strip().lower()
        result = _RESULTS.get(word)
        audience = _AUDIENCES.get(entry.whole("audience").strip().lower())
        problem = _problem(customer_id, at, event_type)
        problem = problem or ("" if result else "its result is not known here")
        problem = problem or ("" if audience else "its channel is not known here")
        if problem or customer_id is None or at is None or result is None or audience is None:
            outcome.refused[entry.number] = problem
            continue
        if word in _LOSSY:
            outcome.put_aside(entry, "result")
        limits = {"reason": _REASON, "answer": _ANSWER, "recipient": _RECIPIENT}
        texts = {name: entry.text(name, limit) for name, limit in limits.items()}
        outcome.put_aside_changed(entry, texts)
        messages.append(
            PastMessage(
                customer_id=customer_id, event_type=event_type, audience=audience, result=result, at=at, **texts
            )
        )
    store_past_messages(messages, now=now)
    outcome.stored = len(messages)
    return outcome


def take_preferences(entries: Sequence[Entry], now: datetime) -> Outcome:
    """Each customer is told what it was told before; whose wishes the hub knows already stays as it is.

    What cannot be taken of a row is said each time, so that a move that is repeated keeps and tells it again.
    """
    outcome, incoming = Outcome(), []
    for entry in entries:
        customer_id = entry.customer()
        if customer_id is None:
            outcome.refused[entry.number] = NOT_A_CUSTOMER
            continue
        facts = read_preferences(_wishes(entry, customer_id, outcome), customer_id=customer_id)
        if entry.is_odd_time("updated_at"):
            _keep(entry, "updated_at", customer_id, outcome, "It is no time.")
        if has_preferences(customer_id):
            outcome.present += 1
        else:
            incoming.append(IncomingPreferences(facts, entry.time("updated_at") or now, None))
    set_preferences(Db(), incoming)
    outcome.stored = len(incoming)
    return outcome


def _wishes(entry: Entry, customer_id: str, outcome: Outcome) -> dict[str, Any]:
    """What can be read of a row; a field against its rule is kept aside, and holds as if it had not been said."""
    written: dict[str, Any] = {
        "email": entry.whole("email"),
        "enabled_events": _listed(entry.whole("enabled_events")),
        "cooldown_hours": entry.fields.get("cooldown_hours"),
    }
    if isinstance(written["cooldown_hours"], bytes):
        written["cooldown_hours"] = entry.whole("cooldown_hours")
    for name in tuple(written):
        try:
            read_preferences({name: written[name]}, customer_id=customer_id)
        except Impossible as error:
            _keep(entry, name, customer_id, outcome, f"{error.sentence}.")
            written[name] = None
    listed = written["enabled_events"]
    if isinstance(listed, list) and not all(isinstance(each, str) and TYPE_FORM.fullmatch(each) for each in listed):
        _keep(entry, "enabled_events", customer_id, outcome, "Not each of them can be an event's type.")
    return written


def _keep(entry: Entry, name: str, customer_id: str, outcome: Outcome, why: str) -> None:
    outcome.put_aside(entry, name, f"{customer_id}: {name} of its notifications was kept aside. {why}")


def _listed(text: str) -> object:
    """The list in a JSON text or between commas; the text itself where it is neither, which no rule allows."""
    if not text.strip():
        return None
    try:
        return decode_json(text.encode())
    except BadJsonError:
        names = [each.strip() for each in text.split(",")]
        return names if all(map(TYPE_FORM.fullmatch, names)) else text


def _problem(customer_id: str | None, at: datetime | None, event_type: str) -> str:
    if customer_id is None:
        return NOT_A_CUSTOMER
    if at is None:
        return NO_TIME
    return "" if TYPE_FORM.fullmatch(event_type) else _NO_TYPE
