"""Puts the page of one incident together: the finding, what speaks for which cause, its servers and its events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from felhom_hub.customers.models import Customer
from felhom_hub.events.fleet_events import FleetEvent, announcements_at, events_of_incident
from felhom_hub.fleet.banner import Reason
from felhom_hub.fleet.event_list import View, more_of, without_rest
from felhom_hub.fleet.event_rows import DayRows, rows_by_day
from felhom_hub.fleet.incident_words import causes, ending, finding, progress
from felhom_hub.fleet.rows import customer_path
from felhom_hub.fleet.told import channel_word
from felhom_hub.notify.alarm_queries import StandingAlarm, alarms_of_incidents
from felhom_hub.notify.decisions import decisions_about
from felhom_hub.notify.ledger import Kept, masked, verdict_of
from felhom_hub.notify.situation import incident_of
from felhom_hub.reports.summary import Summary, summaries
from felhom_hub.watch.incident_queries import (
    KnownIncident,
    Member,
    Share,
    incident_by_number,
    members_of,
    others_heard,
    shares_of,
)
from felhom_hub.watch.queries import deaf_spans

FEW, MOST = 20, 500  # servers that are shown at first, and at all
_LATELY = timedelta(minutes=15)  # in which every server reports once
_MARKS = {"sent": ("ok", "ok"), "failed": ("down", "down"), "queued": ("info", "pending")}


@dataclass(frozen=True, slots=True)
class ServerRow:
    """One server; `summary` is None for one that has been deleted, `path` empty."""

    member: Member
    name: str
    path: str
    fate: str
    is_silent: bool
    summary: Summary | None

    @property
    def last_known(self) -> str:
        """What its newest report said of its health."""
        node = self.summary.node if self.summary else None
        if node is None or node.health is None:
            return ""
        return node.health_messages[0] if node.health_messages else {"ok": "healthy"}.get(node.health, node.health)


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One message about the incident."""

    tone: str
    mark: str
    who: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """All that the page prints; `more` is the words and query of the link below the events."""

    incident: KnownIncident
    finding: str
    progress: str
    ending: str
    reasons: list[Reason]
    shares: list[Share]
    servers: list[ServerRow]
    left_behind: list[ServerRow]  # silent still when it ended
    told: list[ToldRow]
    announced: list[FleetEvent]
    days: list[DayRows]
    shown: int
    more: tuple[str, str] | None
    view: View
    shows_all: bool
    alarm: StandingAlarm | None  # while it is open
    silence_path: str

    @property
    def taken_path(self) -> str:
        """Where the page says who has taken it."""
        return f"/incidents/{self.incident.pk}#taken"

    @property
    def telling(self) -> int:
        """How many traits tell the silent servers from the others."""
        return sum(share.is_telling for share in self.shares)


def incident_page(number: int, *, view: View, shows_all: bool, now: datetime, zone: ZoneInfo) -> IncidentPage | None:
    """The page of one incident, or None where there is none. At most twelve queries, however many servers it has."""
    incident = incident_by_number(number)
    if incident is None:
        return None
    rows = _server_rows(incident, members_of(number, limit=MOST if shows_all else FEW), now=now)
    announced = announcements_at([each for each in (incident.opened_at, incident.ended_at) if each])
    announced = [event for event in announced if incident_of(event.event_type, event.details) == str(number)]
    shares = shares_of(number) if incident.is_open else []
    found, has_more = without_rest(_events(incident, view), view)
    return IncidentPage(
        incident=incident,
        finding=finding(incident, now=now, zone=zone),
        progress=progress(incident),
        ending=ending(incident.nodes),
        reasons=_reasons(incident, shares, now=now),
        shares=shares,
        servers=rows,
        left_behind=[row for row in rows if not incident.is_open and row.is_silent],
        told=_told_rows(announced, decisions_about([event.pk for event in announced]), zone),
        announced=announced,
        days=rows_by_day(found, {}, now=now, zone=zone),
        shown=len(found),
        more=more_of(view, (found[-1].created_at, found[-1].pk), has_more=has_more) if found else None,
        view=view,
        shows_all=shows_all,
        alarm=alarms_of_incidents([number]).get(number) if incident.is_open else None,
        silence_path=_silence_path(incident, rows),
    )


def _silence_path(incident: KnownIncident, rows: Sequence[ServerRow]) -> str:
    """The form of a silence for its servers; where they are not all at hand, for all servers."""
    named = [row.member.customer_id for row in rows if row.is_silent and row.summary is not None]
    whose = {"customers": ", ".join(named)} if len(rows) == incident.nodes else {"reach": "all"}
    return f"/silences?{urlencode({**whose, 'type': 'group:node'})}#new"


def _events(incident: KnownIncident, view: View) -> list[FleetEvent]:
    return events_of_incident(
        incident.pk, since=incident.opened_at, until=incident.ended_at, limit=view.shown + 1, before=view.before
    )


def _reasons(incident: KnownIncident, shares: list[Share], *, now: datetime) -> list[Reason]:
    until = incident.ended_at or now
    deaf = sum((span.to_at - span.from_at for span in deaf_spans(incident.silent_since_at, until)), timedelta())
    heard = others_heard(incident.pk, since=now - _LATELY) if incident.is_open else None
    return causes(incident, shares, deaf=deaf, heard=heard)


def _server_rows(incident: KnownIncident, members: Iterable[Member], *, now: datetime) -> list[ServerRow]:
    members = list(members)
    present = Customer.objects.filter(pk__in=[member.customer_pk for member in members])
    known = {each.pk: each for each in summaries(present, now=now)}
    return [_server_row(incident, member, known.get(member.customer_pk)) for member in members]


def _server_row(incident: KnownIncident, member: Member, summary: Summary | None) -> ServerRow:
    is_silent = member.left_at is None or (not member.is_back and member.left_at == incident.ended_at)
    if is_silent:
        fate = "silent" if incident.is_open else "silent at its end"
    elif member.is_back:
        fate = "reports again"
    else:
        fate = "left out: blocked or deleted"
    path = customer_path(member.customer_id) if summary else ""
    return ServerRow(member, member.name or member.customer_id, path, fate, is_silent, summary)


def _told_rows(announced: Iterable[FleetEvent], decisions: Mapping[int, list[Kept]], zone: ZoneInfo) -> list[ToldRow]:
    """The newest first: what was said of the end stands above what was said of the beginning."""
    return [_told_row(kept, zone) for event in announced for kept in decisions[event.pk]]


def _told_row(kept: Kept, zone: ZoneInfo) -> ToldRow:
    tone, mark = _MARKS.get(kept.result, ("idle", "paused"))
    verdict, rest = verdict_of(kept, zone=zone)
    about = "its end" if kept.event_type == "hub_incident_ended" else "its beginning"
    if kept.later == "reminder":
        about = "a reminder"
    parts = (masked(kept.recipient), " ".join(each for each in (verdict, rest) if each))
    what = ", ".join(part for part in parts if part)
    return ToldRow(
        tone,
        mark,
        f"{kept.audience.capitalize()}, {channel_word(kept.channel)}: {about}",
        what,
        kept.ended_at or kept.at,
    )
