"""What a channel is: it takes one message to one recipient, and says what its provider answered. Knows no table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

_LONGEST_PAUSE = timedelta(hours=1)  # whatever Retry-After says: a provider's slip must not silence the hub


@dataclass(frozen=True)
class Message:
    """One message, the same at every try. `key` is its idempotency key, `thread` what a mailbox gathers it under."""

    key: str
    recipient: str
    subject: str
    text: str
    html: str
    thread: str
    facts: Mapping[str, str] = field(default_factory=dict)  # for programs: event_type, severity and the like


class DeliveryError(Exception):
    """The message was not accepted, as far as the channel knows; the text says what the provider answered.

    `is_permanent` where trying again cannot help, because the fault lies in the message or its address.
    `is_provider` where the next message through the same provider would fare alike. `is_uncertain` where the provider
    may have accepted it without our hearing of it.
    """

    def __init__(
        self,
        answer: str,
        *,
        is_permanent: bool = False,
        is_provider: bool = False,
        is_uncertain: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(answer)
        self.answer = answer
        self.is_permanent = is_permanent
        self.is_provider = is_provider
        self.is_uncertain = is_uncertain
        self.retry_after = retry_after


class Channel(Protocol):
    """One way to send, by the name of its folder. `label` is its name for people, `needs` what sets it up."""

    kind: str
    label: str
    needs: str
    reaches_customers: bool

    def provider(self) -> str:
        """Through whom it sends, in one word; empty where the hub is not configured for it."""

    def operator_recipient(self) -> str:
        """Where the operator's messages go; empty: nowhere."""

    def facts(self) -> tuple[tuple[str, str], ...]:
        """What it is set up with, name and value, to be read by anybody: of a secret only that it is there."""

    def send(self, message: Message) -> str:
        """The provider has accepted the message; returns its answer. Raises DeliveryError; ends within two minutes."""


def retry_after_of(text: str, *, now: datetime) -> timedelta | None:
    """The pause that a Retry-After header asks for, in seconds or as a date (RFC 9110, 10.2.3); at most an hour."""
    if text.strip().isdecimal():
        seconds = int(text) if len(text.strip()) < 9 else 10**8  # noqa: PLR2004 - what a timedelta holds
        pause = timedelta(seconds=seconds)
    else:
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None
        pause = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return max(timedelta(), min(pause, _LONGEST_PAUSE))
