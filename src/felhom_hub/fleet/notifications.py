"""The messages about one customer in words: when, to whom, how, and what became of each. Asks no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from felhom_hub.base.words import count_words
from felhom_hub.notify.ledger import masked
from felhom_hub.notify.queries import RecordedDelivery

MAX_NOTICES = 50


@dataclass(frozen=True, slots=True)
class Notice:
    """One message as the section prints it; `tone` is "down" for a failed one, `is_sent` marks a sent one."""

    at: datetime
    audience: str
    channel: str
    event_type: str
    event_pk: int | None  # a summary of many has none
    to: str
    result: str
    details: tuple[str, ...]  # the reason and the provider's answer, each in others' words
    tries: str
    tone: str
    is_sent: bool


def notices_of(messages: Iterable[RecordedDelivery]) -> list[Notice]:
    """The messages in their order."""
    return [
        Notice(
            at=message.at,
            audience=message.audience.capitalize(),
            channel=message.channel,
            event_type=message.event_type,
            event_pk=message.event_id,
            to=masked(message.recipient),
            result=message.result.capitalize(),
            details=_details(message),
            tries=count_words(message.attempts, "try", "tries") if message.attempts > 1 else "",
            tone="down" if message.result == "failed" else "",
            is_sent=message.result == "sent",
        )
        for message in messages
    ]


def notices_summary(notices: Sequence[Notice]) -> str:
    """The section's sentence."""
    if not notices:
        return "none yet"
    sent, failed = sum(notice.is_sent for notice in notices), sum(notice.tone != "" for notice in notices)
    other = len(notices) - sent - failed
    whole = f"newest {len(notices)}" if len(notices) == MAX_NOTICES else count_words(len(notices), "message")
    parts = [f"{count} {word}" for count, word in ((sent, "sent"), (other, "not sent"), (failed, "failed")) if count]
    return f"{whole}: {', '.join(parts)}"


def _details(message: RecordedDelivery) -> tuple[str, ...]:
    # The provider's own words tell of a failure what the reason leaves open.
    told = (message.reason, message.answer if message.result == "failed" else "")
    return tuple(text for text in told if text)
