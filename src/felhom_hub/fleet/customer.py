"""Puts the page of one customer together from its summary, its newest report, its last day and its events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from felhom_hub.base.words import count_words, span_words
from felhom_hub.configs.delete import kept_words
from felhom_hub.configs.queries import own_thresholds
from felhom_hub.customers.models import Customer
from felhom_hub.events.queries import counts_by_severity, events_of_types, newest_events
from felhom_hub.fleet.backups import Backup, backup_rows, backups_summary
from felhom_hub.fleet.banner import Banner, banner_of
from felhom_hub.fleet.commands import Step, steps_of
from felhom_hub.fleet.containers import Containers, containers_of
from felhom_hub.fleet.credentials import SecretRow, secret_rows
from felhom_hub.fleet.event_list import COUNTED, Choice, View, choices_of, events_summary, more_of, without_rest
from felhom_hub.fleet.looks import LOOKS, Look
from felhom_hub.fleet.meters import Tone, lines_with
from felhom_hub.fleet.nightly import Nightly, nightly_rows
from felhom_hub.fleet.nights import EVENT_TYPES, first_evening
from felhom_hub.fleet.notifications import MAX_NOTICES, Notice, notices_of, notices_summary
from felhom_hub.fleet.preferences import PreferencesRow, preferences_row
from felhom_hub.fleet.rows import customer_path, is_last_known
from felhom_hub.fleet.storage import DriveRow, drive_rows
from felhom_hub.fleet.strip import Strip, strip_drawing
from felhom_hub.fleet.system import DAY, Tile, tiles_of
from felhom_hub.fleet.timeline import Day, days_of
from felhom_hub.notify.alarm_queries import StandingAlarm, alarms_of
from felhom_hub.notify.queries import newest_deliveries, preferences_of
from felhom_hub.notify.suppressions import held_address
from felhom_hub.reports.arrivals import SLOT_SECONDS
from felhom_hub.reports.detail import Machine, read_detail
from felhom_hub.reports.queries import history, newest_report, reports_by_hour
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import NodeFacts, Summary, summary_of
from felhom_hub.watch.incident_queries import open_incident_of

_MAX_NIGHTS_EVENTS = 500  # of 14 nights; a box that sends more of them has other troubles
# No machine has been up for longer than there are such machines, and a date can be counted back from it.
_MAX_UPTIME_SECONDS = 100 * 365 * 86_400
# Transport takes a moment, and controllers that keep time drift by less.
_NOTABLE_SKEW_SECONDS = 30
_EVERY_SECONDS, _EVERY_SECONDS_PENDING = 60, 15
_INTERVAL = timedelta(seconds=SLOT_SECONDS)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page for the section bar; open by itself on narrow screens where it has a problem."""

    anchor: str
    title: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Reported:
    """What the newest report and the last day tell."""

    node: NodeFacts
    is_old: bool
    due_words: str
    expected: str  # how often it reports, where that is not as the others do
    uptime: str
    skew: str
    strip: Strip
    tiles: list[Tile]
    machine: Machine
    drives: list[DriveRow]
    drives_summary: str
    containers: Containers | None
    backups: list[Backup]
    nightly: list[Nightly]
    backups_summary: str


@dataclass(frozen=True, slots=True)
class Events:
    """The section of the events; `more` is the words and query of the link below them."""

    view: View
    days: list[Day]
    choices: list[Choice]
    more: tuple[str, str] | None
    summary: str


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """All that the page prints; `reported` is None before the first report."""

    summary: Summary
    customer: Customer
    banner: Banner | None
    sections: list[Section]
    reported: Reported | None
    events: Events
    preferences: PreferencesRow | None
    notices: list[Notice]
    secrets: list[SecretRow]
    steps: list[Step]
    kept: str  # what of it a deletion would leave
    incident: int | None  # the open one that it is silent in
    alarms: list[StandingAlarm]

    @property
    def path(self) -> str:
        """The page's own address."""
        return customer_path(self.summary.customer_id)

    @property
    def alarms_path(self) -> str:
        """The address of the alarms on the page."""
        return f"{self.path}#alarms"

    @property
    def look(self) -> Look:
        """Tone and mark of its status."""
        return LOOKS[self.summary.verdict.status]

    @property
    def tones(self) -> dict[str, Tone]:
        """The tone of each section by its anchor."""
        return {section.anchor: section.tone for section in self.sections}

    @property
    def notices_summary(self) -> str:
        """What became of the messages."""
        return notices_summary(self.notices)

    @property
    def every_seconds(self) -> int:
        """How often the page asks for itself anew: more often while the first report is waited for."""
        return _EVERY_SECONDS_PENDING if self.summary.verdict.status is Status.PENDING else _EVERY_SECONDS

    @property
    def troubled(self) -> int:
        """How many sections need attention."""
        return sum(section.tone != "" for section in self.sections)


def customer_page(
    customer_id: str, *, view: View, now: datetime, zone: ZoneInfo, hub_url: str = ""
) -> CustomerPage | None:
    """The page of one customer, or None when there is no such customer."""
    summary = summary_of(customer_id, now=now)
    customer = None if summary is None else Customer.objects.filter(customer_id=customer_id).first()
    if summary is None or customer is None:
        return None
    reported = None if summary.node is None else _reported(summary, summary.node, now=now, zone=zone)
    events = _events(summary, view, now=now, zone=zone)
    wishes = preferences_of(summary.pk)
    held = held_address(wishes.email) if wishes else None
    has_events = bool(events.days) or not view.is_plain
    sections = _sections(reported, has_events=has_events, is_managed=customer.is_managed, is_mail_held=held is not None)
    banner = banner_of(
        summary,
        backups=reported.backups if reported else (),
        sections={section.anchor for section in sections},
        phone=customer.phone,
        silent_slots=reported.strip.silent if reported else 0,
    )
    return CustomerPage(
        summary=summary,
        customer=customer,
        banner=banner,
        sections=sections,
        reported=reported,
        events=events,
        preferences=preferences_row(wishes, held=held),
        notices=notices_of(newest_deliveries(summary.pk, limit=MAX_NOTICES)),
        secrets=secret_rows(customer),
        steps=steps_of(customer_id, hub_url=hub_url, is_done=reported is not None) if customer.is_managed else [],
        kept=kept_words(summary.pk),
        incident=open_incident_of(summary.pk) if summary.verdict.is_silent else None,
        alarms=[] if summary.blocked_at else alarms_of(summary.pk),
    )


def _events(summary: Summary, view: View, *, now: datetime, zone: ZoneInfo) -> Events:
    found = newest_events(summary.pk, limit=view.shown + 1, severity=view.severity, before=view.before)
    shown, has_more = without_rest(found, view)
    return Events(
        view=view,
        days=days_of(shown, now=now, zone=zone),
        choices=choices_of(view, counts_by_severity(summary.pk, limit=COUNTED)),
        more=more_of(view, (shown[-1].created_at, shown[-1].pk), has_more=has_more) if shown else None,
        summary=events_summary(view, errors=summary.errors_24h, warnings=summary.warnings_24h),
    )


def _reported(summary: Summary, node: NodeFacts, *, now: datetime, zone: ZoneInfo) -> Reported:
    is_old = is_last_known(node, now=now)
    newest = newest_report(summary.pk)
    detail = read_detail(b"{}" if newest is None else newest[0])
    own = lines_with(own_thresholds([summary.pk]).get(summary.pk))
    drives = drive_rows(detail.drives, is_old=is_old, lines=own.disk)
    points = history(summary.pk, since=now - DAY, now=now)
    is_paused = summary.verdict.status is Status.DISABLED
    evening = first_evening(now, zone)
    nightly = nightly_rows(
        backup_rows(detail.backups, is_old=is_old, now=now),
        events_of_types(summary.pk, EVENT_TYPES, since=evening, limit=_MAX_NIGHTS_EVENTS),
        heard_hours=reports_by_hour(summary.pk, since=evening),
        is_old=is_old,
        is_paused=is_paused,
        now=now,
        zone=zone,
    )
    backups = [row.backup for row in nightly]
    return Reported(
        node=node,
        is_old=is_old,
        due_words=_due_words(node.last_received_at + _INTERVAL + node.allowance - now),
        expected=span_words(_INTERVAL + node.allowance) if node.allowance else "",
        uptime=_uptime(node.uptime_seconds),
        skew=_skew(node.clock_skew_seconds),
        strip=strip_drawing(
            node.arrivals, node.first_received_at, allowance=node.allowance, now=now, is_paused=is_paused
        ),
        tiles=tiles_of(node, detail.machine, points, drives=drives, is_old=is_old, now=now, own=own),
        machine=detail.machine,
        drives=drives,
        drives_summary=_drives_summary(drives),
        containers=containers_of(detail, is_old=is_old),
        backups=backups,
        nightly=nightly,
        backups_summary=backups_summary(backups),
    )


def _sections(reported: Reported | None, *, has_events: bool, is_managed: bool, is_mail_held: bool) -> list[Section]:
    """The sections that have something to show."""
    sections = []
    if reported is not None:
        sections = [
            Section("system", "Last known state" if reported.is_old else "System", _worst(reported.tiles)),
            Section("reports", "Reports", ""),
        ]
        if reported.drives:
            sections.append(Section("storage", "Storage", _worst(reported.drives)))
        if reported.containers is not None:
            sections.append(Section("containers", "Containers", reported.containers.tone))
        if reported.backups:
            sections.append(Section("backups", "Backups", _worst(reported.backups)))
    if has_events:
        sections.append(Section("events", "Events", ""))
    if is_managed and reported is not None:  # before the first report they are all that there is
        sections += [Section("credentials", "Credentials", ""), Section("setup", "Set-up", "")]
    sections.append(Section("notifications", "Notifications", "warn" if is_mail_held else ""))
    if reported is not None:
        sections.append(Section("history", "History", ""))
    return sections


def _worst(parts: Iterable[Tile | DriveRow | Backup]) -> Tone:
    tones = {part.tone for part in parts}
    return "down" if "down" in tones else "warn" if "warn" in tones else ""


def _due_words(left: timedelta) -> str:
    return f"next due in {span_words(left)}" if left > timedelta() else "the next one is late"


def _uptime(seconds: float | None) -> str:
    if seconds is None or not 0 <= seconds <= _MAX_UPTIME_SECONDS:
        return ""
    return span_words(timedelta(seconds=seconds))


def _skew(seconds: float | None) -> str:
    """How the box's clock stands to the hub's."""
    if seconds is None:
        return ""
    if abs(seconds) < _NOTABLE_SKEW_SECONDS:
        return "in step with the hub"
    return f"{span_words(timedelta(seconds=abs(seconds)))} {'ahead' if seconds > 0 else 'behind'}"


def _drives_summary(drives: list[DriveRow]) -> str:
    count, troubled = count_words(len(drives), "drive"), sum(drive.tone != "" for drive in drives)
    return f"{count}, {troubled} need{'s' if troubled == 1 else ''} attention" if troubled else count
