"""Puts the page of the fleet's events together: open incidents first, then the events that its address asks for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from felhom_hub.events.fleet_events import FleetEvent, announcements_at, counts_of, fleet_events, uncatalogued_types
from felhom_hub.fleet.event_list import COUNTED, Choice, choices_of, more_of, without_rest
from felhom_hub.fleet.event_rows import DayRows, rows_by_day
from felhom_hub.fleet.events_search import MOST_CUSTOMERS, meant
from felhom_hub.fleet.events_view import UNCATALOGUED, EventsView, Option, options_of, periods_of, wanted_of
from felhom_hub.fleet.incident_words import finding, progress
from felhom_hub.fleet.told import NOBODY, Told, told_of
from felhom_hub.notify.alarm_queries import StandingAlarm, alarms_of_incidents
from felhom_hub.notify.decisions import decisions_about
from felhom_hub.notify.situation import incident_of
from felhom_hub.watch.incident_queries import KnownIncident, ended_incidents, open_incidents

MOST_INCIDENTS = 20
MOST_TYPES = 500  # each is a value of the statement; a box that makes up more of them has other troubles
LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident of the list; `told` says by which of its events it was told, if that is kept."""

    incident: KnownIncident
    finding: str
    progress: str
    began: int | None
    told: Told
    alarm: StandingAlarm | None  # while it is open

    @property
    def is_taken(self) -> bool:
        """True where somebody has acknowledged it."""
        return self.alarm is not None and self.alarm.acknowledged_at is not None


@dataclass(frozen=True, slots=True)
class EventsPage:
    """All that the page prints; `more` is the words and query of the link below the list."""

    view: EventsView
    open: list[IncidentRow]
    ended: list[IncidentRow]
    days: list[DayRows]
    choices: list[Choice]
    options: list[tuple[str, list[Option]]]
    periods: list[Option]
    shown: int
    more: tuple[str, str] | None
    is_cut: bool  # more customers hold the text than are looked for
    plain_path: str
    newest_path: str
    longest_path: str


def events_page(view: EventsView, *, now: datetime, zone: ZoneInfo) -> EventsPage:
    """The page as `view` asks for it. At most nine queries, however many events and incidents there are."""
    opened, ended = open_incidents(limit=MOST_INCIDENTS), ended_incidents(since=now - LATELY, limit=MOST_INCIDENTS)
    announced = announcements_at([each.opened_at for each in opened + ended])
    named = meant(view.text) if view.text else None
    uncatalogued = uncatalogued_types(limit=MOST_TYPES) if view.kind == UNCATALOGUED else ()
    wanted = wanted_of(view, named, uncatalogued=uncatalogued, now=now)
    found, has_more = without_rest(fleet_events(wanted, limit=view.shown + 1, before=view.before), view)
    decisions = decisions_about([event.pk for event in (*found, *announced)])
    told = {pk: told_of(of_event, zone=zone) for pk, of_event in decisions.items()}
    rows = _incident_rows(opened + ended, announced, told, now=now, zone=zone)
    # Who looks wants to know what nobody has taken; the largest first among both.
    rows[: len(opened)] = sorted(rows[: len(opened)], key=lambda row: row.is_taken)
    return EventsPage(
        view=view,
        open=rows[: len(opened)],
        ended=rows[len(opened) :],
        days=rows_by_day(found, told, now=now, zone=zone),
        choices=choices_of(view, counts_of(replace(wanted, severity=None), limit=COUNTED)),
        options=options_of(view),
        periods=periods_of(view),
        shown=len(found),
        more=more_of(view, (found[-1].created_at, found[-1].pk), has_more=has_more) if found else None,
        is_cut=named is not None and len(named[0]) == MOST_CUSTOMERS,
        plain_path=EventsView(period=view.period).path,
        newest_path=view.first_page().path,
        longest_path=view.first_page(period="90d").path,
    )


def _incident_rows(
    incidents: Sequence[KnownIncident],
    announced: Iterable[FleetEvent],
    told: Mapping[int, Told],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> list[IncidentRow]:
    began = {
        incident_of(event.event_type, event.details): event.pk
        for event in announced
        if event.event_type == "hub_incident_began"
    }
    standing = alarms_of_incidents([each.pk for each in incidents if each.is_open])
    return [
        IncidentRow(
            incident=each,
            finding=finding(each, now=now, zone=zone),
            progress=progress(each),
            began=began.get(str(each.pk)),
            told=told.get(began.get(str(each.pk), 0), NOBODY),
            alarm=standing.get(each.pk),
        )
        for each in incidents
    ]
