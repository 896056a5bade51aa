"""Events by day, newest first, in the hub's local time. Asks no database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from felhom_hub.events.catalogue import CATALOGUE, label_of
from felhom_hub.events.queries import MAX_DETAILS, RecordedEvent
from felhom_hub.notify.situation import incident_of

E = TypeVar("E", bound=RecordedEvent)

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LOOKS = {"error": ("down", "Error"), "warning": ("warn", "Warning"), "info": ("info", "Info")}


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event; `tone` is its mark as well."""

    pk: int
    tone: str
    severity: str
    title: str
    event_type: str
    is_catalogued: bool
    source: str
    at: datetime
    details: str = ""
    incident: str = ""  # that the hub's own event belongs to

    @property
    def anchor(self) -> str:
        """The id of its place on a page."""
        return f"e-{self.pk}"


@dataclass(frozen=True, slots=True)
class Day:
    """One day's events under its heading."""

    anchor: str
    heading: str
    events: list[EventLine]


def days_of(events: Iterable[RecordedEvent], *, now: datetime, zone: ZoneInfo) -> list[Day]:
    """The events, given newest first, by local day."""
    return [
        Day(f"day-{day:%Y-%m-%d}", heading, [line_of(event) for event in of_day])
        for day, heading, of_day in by_day(events, now=now, zone=zone)
    ]


def by_day(events: Iterable[E], *, now: datetime, zone: ZoneInfo) -> Iterator[tuple[date, str, Iterable[E]]]:
    """Each local day with its heading and its events, in their order."""
    today = now.astimezone(zone).date()
    for day, of_day in groupby(events, key=lambda event: event.created_at.astimezone(zone).date()):
        yield day, _heading(day, today), of_day


def _heading(day: date, today: date) -> str:
    if day == today:
        return "Today"
    words = f"{_DAYS[day.weekday()]} {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")
    return f"Yesterday, {words}" if today - day == timedelta(days=1) else words


def line_of(event: RecordedEvent) -> EventLine:
    """One event in words; of what came along with it, the beginning."""
    tone, severity = _LOOKS.get(event.severity, ("info", event.severity.capitalize()))
    return EventLine(
        pk=event.pk,
        tone=tone,
        severity=severity,
        title=event.message or label_of(event.event_type),
        event_type=event.event_type,
        is_catalogued=event.event_type in CATALOGUE,
        source=event.source,
        at=event.created_at,
        details=_details(event.details),
        incident=incident_of(event.event_type, event.details),
    )


def _details(written: str) -> str:
    """What came along with the event; nothing, or an empty object, is not worth a line."""
    if written.strip() in {"", "{}", "null"}:
        return ""
    return f"{written[:MAX_DETAILS]}…" if len(written) > MAX_DETAILS else written
