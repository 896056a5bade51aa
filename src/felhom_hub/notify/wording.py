"""A message in words, as the log prints it: about whom, to whom, how, and what became of it. Asks no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from felhom_hub.base.words import count_words, near_day_words
from felhom_hub.events.catalogue import CATALOGUE, label_of
from felhom_hub.notify.channels import CHANNELS
from felhom_hub.notify.gather import STANDING, SUMMARY
from felhom_hub.notify.ledger import masked
from felhom_hub.notify.models import Delivery
from felhom_hub.notify.situation import one_line
from felhom_hub.notify.trial import is_trial

_GATHERED = {SUMMARY: "Several messages in one", STANDING: "Several alarms that still stand"}
_MAX_WORDS = 300  # of a provider's answer


@dataclass(frozen=True, slots=True)
class Line:
    """One message. `customer_id` is empty for the whole fleet's; `tone` is down, info or empty.

    What became of it is `outcome` in our words and `said` in others', each of which a page isolates: a provider's words
    may run from right to left.
    """

    pk: int
    at: datetime
    about: str
    customer_id: str
    event_type: str
    what: str
    audience: str
    channel: str
    to: str
    outcome: str
    said: tuple[str, ...]
    answer: str
    tone: str
    is_sent: bool
    can_be_repeated: bool
    why: str  # the page that says why; empty where there is no event

    @property
    def joint(self) -> str:
        """What stands between our words and others'."""
        return ": " if self.tone else ", "

    @property
    def result(self) -> str:
        """What became of it, as one text."""
        return self.outcome + (self.joint + ", ".join(self.said) if self.said else "")


def lines_by_day(messages: Iterable[Delivery], *, now: datetime, zone: ZoneInfo) -> list[tuple[str, list[Line]]]:
    """The messages in their order, below the local day of each."""
    days = groupby(messages, key=lambda message: message.at.astimezone(zone).date())
    listed = []
    for _, of_day in days:
        lines = [line_of(message, now=now, zone=zone) for message in of_day]
        listed.append((near_day_words(lines[0].at, now, zone), lines))
    return listed


def line_of(message: Delivery, *, now: datetime, zone: ZoneInfo) -> Line:
    """The message, with its customer and what repeats it."""
    customer = message.customer
    result = Delivery.Result(message.result)
    outcome, *said = _outcome(message, now=now, zone=zone)
    return Line(
        pk=message.pk,
        at=message.at,
        about=(customer.name or customer.customer_id) if customer else _about_no_customer(message),
        # The row of a deleted customer stays, and it has no page.
        customer_id=customer.customer_id if customer and customer.deleted_at is None else "",
        event_type=message.event_type,
        what=what_words(message.event_type),
        audience=message.audience.capitalize(),
        channel=CHANNELS[message.channel].label if message.channel in CHANNELS else message.channel,
        to=masked(message.recipient),
        outcome=outcome,
        said=tuple(filter(None, said)),
        answer=one_line(message.answer, _MAX_WORDS),
        tone={Delivery.Result.FAILED: "down", Delivery.Result.QUEUED: "info"}.get(result, ""),
        is_sent=result == Delivery.Result.SENT,
        can_be_repeated=result == Delivery.Result.FAILED and again_of(message) is None,
        why=f"/why/{message.event_id}" if message.event_id else "",
    )


def what_words(event_type: str) -> str:
    """What the message tells of; of a type that the catalogue does not know, its name as words."""
    return _GATHERED.get(event_type) or label_of(event_type)


def _outcome(message: Delivery, *, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """What became of it, and behind it the reason and the provider's answer, which may be empty."""
    answer = one_line(message.answer, _MAX_WORDS)
    match Delivery.Result(message.result):
        case Delivery.Result.SENT:
            return (_sent_words(message),)
        case Delivery.Result.SKIPPED:
            return "Skipped", message.reason
        case Delivery.Result.FAILED:
            tries = f" after {count_words(message.attempts, 'try', 'tries')}" if message.attempts > 1 else ""
            repeated = ", sent again" if again_of(message) is not None else ""
            return f"Failed{tries}{repeated}", message.reason, answer
        case Delivery.Result.QUEUED:
            return _waiting_words(message, answer, now=now, zone=zone)


def again_of(message: Delivery) -> Delivery | None:
    """The message that repeats this one, if there is one."""
    return getattr(message, "again", None)


def _about_no_customer(message: Delivery) -> str:
    known = CATALOGUE.get(message.event_type)
    is_of_the_hub = is_trial(message) or (known is not None and known.category == "hub")
    return "The hub" if is_of_the_hub else "The fleet"


def _sent_words(message: Delivery) -> str:
    if message.attempts > 1:
        return f"Sent after {count_words(message.attempts, 'try', 'tries')}"
    if message.ended_at is None or message.first_tried_at is None:
        return "Sent"
    return f"Sent in {(message.ended_at - message.first_tried_at).total_seconds():.1f} s"


def _waiting_words(message: Delivery, answer: str, *, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    if message.lease_until is not None and message.lease_until >= now:
        return ("Being sent",)
    if not message.attempts or message.next_at is None:
        return ("Waiting for its turn",)
    return f"Waiting, next try {message.next_at.astimezone(zone):%H:%M}", answer
