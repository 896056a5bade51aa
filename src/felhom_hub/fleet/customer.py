"""Puts the page of one customer together from its summary, its newest report, its last day and its events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from felhom_hub.base.words import count_words, span_words
from felhom_hub.configs.queries import own_thresholds
from felhom_hub.customers.models import Customer
from felhom_hub.events.catalogue import SEVERITIES, Severity
from felhom_hub.events.queries import newest_events
from felhom_hub.fleet.backups import Backup, backup_rows, backups_summary
from felhom_hub.fleet.banner import Banner, banner_of
from felhom_hub.fleet.commands import Step, steps_of
from felhom_hub.fleet.containers import Containers, containers_of
from felhom_hub.fleet.credentials import SecretRow, secret_rows
from felhom_hub.fleet.looks import LOOKS, Look
from felhom_hub.fleet.meters import Tone, lines_with
from felhom_hub.fleet.rows import customer_path, is_last_known
from felhom_hub.fleet.storage import DriveRow, drive_rows
from felhom_hub.fleet.strip import Strip, strip_drawing
from felhom_hub.fleet.system import DAY, Tile, tiles_of
from felhom_hub.fleet.timeline import Day, days_of
from felhom_hub.reports.arrivals import SLOT_SECONDS
from felhom_hub.reports.detail import Machine, read_detail
from felhom_hub.reports.queries import history, newest_report
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import NodeFacts, Summary, summary_of

MAX_EVENTS = 50
# No machine has been up for longer than there are such machines, and a date can be counted back from it.
_MAX_UPTIME_SECONDS = 100 * 365 * 86_400
# Transport takes a moment, and controllers that keep time drift by less.
_NOTABLE_SKEW_SECONDS = 30
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
    uptime: str
    skew: str
    strip: Strip
    tiles: list[Tile]
    machine: Machine
    drives: list[DriveRow]
    drives_summary: str
    containers: Containers | None
    backups: list[Backup]
    backups_summary: str


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """All that the page prints; `reported` is None before the first report."""

    summary: Summary
    customer: Customer
    banner: Banner | None
    sections: list[Section]
    reported: Reported | None
    severity: Severity | None
    days: list[Day]
    secrets: list[SecretRow]
    steps: list[Step]

    @property
    def path(self) -> str:
        """The page's own address."""
        return customer_path(self.summary.customer_id)

    @property
    def look(self) -> Look:
        """Tone and mark of its status."""
        return LOOKS[self.summary.verdict.status]

    @property
    def tones(self) -> dict[str, Tone]:
        """The tone of each section by its anchor."""
        return {section.anchor: section.tone for section in self.sections}

    @property
    def events_summary(self) -> str:
        """What the list of events holds, and the day's counts."""
        errors, warnings = self.summary.errors_24h, self.summary.warnings_24h
        if not errors and not warnings:
            return f"newest {MAX_EVENTS}, no error or warning in 24 h"
        return f"newest {MAX_EVENTS}, {count_words(errors, 'error')} and {count_words(warnings, 'warning')} in 24 h"

    @property
    def is_pending(self) -> bool:
        """True while the first report is waited for."""
        return self.summary.verdict.status is Status.PENDING

    @property
    def troubled(self) -> int:
        """How many sections need attention."""
        return sum(section.tone != "" for section in self.sections)


def customer_page(
    customer_id: str, *, severity: Severity | None, now: datetime, zone: ZoneInfo, hub_url: str = ""
) -> CustomerPage | None:
    """The page of one customer, or None when there is no such customer."""
    summary = summary_of(customer_id, now=now)
    customer = None if summary is None else Customer.objects.filter(customer_id=customer_id).first()
    if summary is None or customer is None:
        return None
    reported = None if summary.node is None else _reported(summary, summary.node, now=now)
    days = days_of(newest_events(summary.pk, limit=MAX_EVENTS, severity=severity), now=now, zone=zone)
    sections = _sections(reported, has_events=bool(days) or severity is not None, is_managed=customer.is_managed)
    banner = banner_of(
        summary,
        backups=reported.backups if reported else (),
        sections={section.anchor for section in sections},
        phone=customer.phone,
        silent_slots=reported.strip.silent if reported else 0,
    )
    secrets = secret_rows(customer)
    steps = steps_of(customer_id, hub_url=hub_url, is_done=reported is not None) if customer.is_managed else []
    return CustomerPage(summary, customer, banner, sections, reported, severity, days, secrets, steps)


def severity_of(text: str) -> Severity | None:
    """The severity that an address names; anything else is every severity."""
    return next((severity for severity in SEVERITIES if severity == text), None)


def _reported(summary: Summary, node: NodeFacts, *, now: datetime) -> Reported:
    is_old = is_last_known(node, now=now)
    newest = newest_report(summary.pk)
    detail = read_detail(b"{}" if newest is None else newest[0])
    own = lines_with(own_thresholds([summary.pk]).get(summary.pk))
    drives = drive_rows(detail.drives, is_old=is_old, lines=own.disk)
    points = history(summary.pk, since=now - DAY, now=now)
    backups = backup_rows(detail.backups, is_old=is_old, now=now)
    is_paused = summary.verdict.status is Status.DISABLED
    return Reported(
        node=node,
        is_old=is_old,
        due_words=_due_words(node.last_received_at + _INTERVAL - now),
        uptime=_uptime(node.uptime_seconds),
        skew=_skew(node.clock_skew_seconds),
        strip=strip_drawing(node.arrivals, node.first_received_at, now=now, is_paused=is_paused),
        tiles=tiles_of(node, detail.machine, points, drives=drives, is_old=is_old, now=now, own=own),
        machine=detail.machine,
        drives=drives,
        drives_summary=_drives_summary(drives),
        containers=containers_of(detail, is_old=is_old),
        backups=backups,
        backups_summary=backups_summary(backups),
    )


def _sections(reported: Reported | None, *, has_events: bool, is_managed: bool) -> list[Section]:
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
