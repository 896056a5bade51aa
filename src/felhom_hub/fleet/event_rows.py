"""Rows of events of several customers, by day: the event in words, whose it is, and who was told. Asks no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from felhom_hub.events.fleet_events import FleetEvent
from felhom_hub.fleet.rows import customer_path
from felhom_hub.fleet.timeline import EventLine, by_day, line_of
from felhom_hub.fleet.told import NOBODY, Told


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event; `path` is its customer's page, empty where there is none."""

    event: FleetEvent
    line: EventLine
    path: str
    told: Told


@dataclass(frozen=True, slots=True)
class DayRows:
    """One day's events under its heading."""

    anchor: str
    heading: str
    rows: list[EventRow]


def rows_by_day(
    events: Iterable[FleetEvent], told: Mapping[int, Told], *, now: datetime, zone: ZoneInfo
) -> list[DayRows]:
    """The events, given newest first, by local day; `told` says who was told of each, by its number."""
    return [
        DayRows(f"day-{day:%Y-%m-%d}", heading, [row_of(event, told.get(event.pk, NOBODY)) for event in of_day])
        for day, heading, of_day in by_day(events, now=now, zone=zone)
    ]


def row_of(event: FleetEvent, told: Told) -> EventRow:
    """One event's row."""
    return EventRow(event, line_of(event), page_of(event), told)


def page_of(event: FleetEvent) -> str:
    """The page of the event's customer; empty for the whole fleet and for a customer that has been deleted."""
    return customer_path(event.customer_id) if event.customer_id and not event.is_deleted else ""
