"""Whether a silence covers an event: whose it is, of which type, for whom the message would be, and when. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from felhom_hub.base.words import moment_words
from felhom_hub.silences.choices import is_chosen
from felhom_hub.silences.recurrence import Schedule, Window, current_window


@dataclass(frozen=True, slots=True)
class Known:
    """One silence as a decision sees it. `customers` and `tag` say whom it reaches; without either it is for all."""

    pk: int
    why: str
    made_by: str
    reaches_all: bool
    customers: frozenset[int]
    tag: str
    choices: frozenset[str]
    is_for_customers: bool
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose event it is: a customer with its tags, or the whole fleet (`customer_pk` is None)."""

    customer_pk: int | None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Quiet:
    """A silence that holds, in the window that it holds in."""

    silence: Known
    window: Window

    def words(self, zone: ZoneInfo) -> str:
        """As it is kept with a decision: "“House move” until 16 Mar 2026, 08:00"."""
        until = self.window.until_at
        return f"“{self.silence.why}” until {moment_words(until, zone) if until else 'somebody ends it'}"


def reaches(silence: Known, subject: Subject) -> bool:
    """True where the silence is for that customer; one of the whole fleet is reached by a silence for all alone."""
    if silence.reaches_all:
        return True
    if subject.customer_pk is None:
        return False
    return subject.customer_pk in silence.customers or (silence.tag != "" and silence.tag in subject.tags)


def covers(silence: Known, subject: Subject, event_type: str, *, audience: str) -> bool:
    """True where the silence, while it holds, keeps that audience from being told of such an event."""
    if audience != "operator" and not silence.is_for_customers:
        return False
    return reaches(silence, subject) and is_chosen(silence.choices, event_type)


def quiet_of(  # noqa: PLR0917 - what is asked for, and the five things that the answer rests on
    silences: Iterable[Known], subject: Subject, event_type: str, audience: str, now: datetime, zone: ZoneInfo
) -> Quiet | None:
    """The silence that covers the event at `now`, the one that lasts longest; None where there is none."""
    found = [
        Quiet(silence, window)
        for silence in silences
        if covers(silence, subject, event_type, audience=audience)
        and (window := current_window(silence.schedule, now, zone)) is not None
    ]
    return max(found, key=_lasts, default=None)


def _lasts(quiet: Quiet) -> tuple[bool, float]:
    until = quiet.window.until_at
    return until is None, until.timestamp() if until else 0.0
