"""Puts the page of one customer together from its summary, its newest report, its last day and its events."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from felhom_hub.boxes.models import Call
from felhom_hub.boxes.progress import Progress
from felhom_hub.boxes.queries import last_push, progress_now, reach_now
from felhom_hub.boxes.reach import Reach
from felhom_hub.configs.delete import kept_words
from felhom_hub.configs.retrieval import locked_until
from felhom_hub.controllers.releases import Offer, offer_now
from felhom_hub.customers.keys import ApiKey, keys_of
from felhom_hub.customers.models import Customer
from felhom_hub.events.queries import counts_by_severity, newest_events
from felhom_hub.fleet.banner import Banner, banner_of
from felhom_hub.fleet.commands import Step, steps_of
from felhom_hub.fleet.config_state import ConfigState, config_state
from felhom_hub.fleet.credentials import SecretRow, secret_rows
from felhom_hub.fleet.drills import DrillRecord, drill_record
from felhom_hub.fleet.event_list import COUNTED, Choice, View, choices_of, events_summary, more_of, without_rest
from felhom_hub.fleet.looks import LOOKS, Look
from felhom_hub.fleet.meters import Tone
from felhom_hub.fleet.notifications import MAX_NOTICES, Notice, notices_of, notices_summary
from felhom_hub.fleet.preferences import PreferencesRow, preferences_row
from felhom_hub.fleet.recovery import Recovery, recovery_of
from felhom_hub.fleet.reported import Reported, reported_of
from felhom_hub.fleet.rows import customer_path
from felhom_hub.fleet.sections import Section, sections_of
from felhom_hub.fleet.timeline import Day, days_of
from felhom_hub.notify.alarm_queries import StandingAlarm, alarms_of
from felhom_hub.notify.queries import newest_deliveries, preferences_of
from felhom_hub.notify.suppressions import held_address
from felhom_hub.notify.taken import read_takings
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import Summary, summary_of
from felhom_hub.watch.incident_queries import open_incident_of

_NEVER = timedelta()
_EVERY_SECONDS, _EVERY_SECONDS_PENDING = 60, 15


@dataclass(frozen=True, slots=True)
class Events:
    """The section of the events; `more` is the words and query of the link below them."""

    view: View
    days: list[Day]
    choices: list[Choice]
    more: tuple[str, str] | None
    summary: str


@dataclass(frozen=True, slots=True)
class Box:
    """What can be done with the box, and what is being done; None for one that has never reported."""

    reach: Reach
    progress: Progress | None
    pushed: Call | None  # the newest push that the controller has taken
    newest: str  # release of the controller; empty where none is known


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """All that the page prints; `reported` is None before the first report."""

    summary: Summary
    customer: Customer
    banner: Banner | None
    sections: list[Section]
    reported: Reported | None
    events: Events
    recovery: Recovery | None
    drills: DrillRecord | None
    config: ConfigState | None  # None of a box that is not managed, or has never reported
    preferences: PreferencesRow | None
    notices: list[Notice]
    secrets: list[SecretRow]
    keys: list[ApiKey]  # those that hold, newest first
    locked_until: datetime | None  # wrong retrieval passwords keep the box from fetching its configuration
    steps: list[Step]
    box: Box | None
    kept: str  # what of it a deletion would leave
    incident: int | None  # the open one that it is silent in
    alarms: list[StandingAlarm]
    untaken_incidents: int
    newer_version: str  # a release of the controller that it does not have yet; empty for none

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
    customer_id: str,
    *,
    view: View,
    now: datetime,
    zone: ZoneInfo,
    hub_url: str = "",
    drill_every: timedelta = _NEVER,
) -> CustomerPage | None:
    """The page of one customer, or None when there is no such customer."""
    summary = summary_of(customer_id, now=now)
    customer = (
        None if summary is None else Customer.objects.select_related("node").filter(customer_id=customer_id).first()
    )
    if summary is None or customer is None:
        return None
    reported = None if summary.node is None else reported_of(summary, summary.node, now=now, zone=zone)
    events = _events(summary, view, now=now, zone=zone)
    wishes = preferences_of(summary.pk)
    held = held_address(wishes.email) if wishes else None
    recovery = recovery_of(summary.pk, customer_id, now=now)
    more: dict[str, Tone] = {"notifications": "warn" if held else ""}
    if recovery:
        more["recovery"] = recovery.tone
    config = config_state(customer.node) if customer.is_managed and summary.node else None
    if config:
        more["config"] = config.tone
    if events.days or not view.is_plain:
        more["events"] = ""
    sections = sections_of(reported, more, is_managed=customer.is_managed)
    takings, offer = read_takings([summary.pk]), offer_now()
    banner = banner_of(
        summary,
        backups=reported.backups if reported else (),
        sections={section.anchor for section in sections},
        phone=customer.phone,
        silent_slots=reported.strip.silent if reported else 0,
        taken=takings.of.get(summary.pk, ()),
    )
    return CustomerPage(
        summary=summary,
        customer=customer,
        banner=banner,
        sections=sections,
        reported=reported,
        events=events,
        recovery=recovery,
        config=config,
        drills=drill_record(customer, every=drill_every, now=now) if recovery else None,
        preferences=preferences_row(wishes, held=held),
        notices=notices_of(newest_deliveries(summary.pk, limit=MAX_NOTICES)),
        secrets=secret_rows(customer),
        keys=keys_of(customer, now=now) if customer.is_managed else [],
        locked_until=locked_until(customer_id, now=now) if customer.is_managed else None,
        steps=steps_of(customer_id, hub_url=hub_url, is_done=reported is not None) if customer.is_managed else [],
        box=_box(summary, customer, offer, now=now),
        kept=kept_words(summary.pk),
        incident=open_incident_of(summary.pk) if summary.verdict.is_silent else None,
        alarms=[] if summary.blocked_at else alarms_of(summary.pk),
        untaken_incidents=takings.untaken_incidents,
        newer_version=offer.newest if summary.node and offer.is_behind(summary.node.controller_version) else "",
    )


def _box(summary: Summary, customer: Customer, offer: Offer, *, now: datetime) -> Box | None:
    if summary.node is None:
        return None
    progress = progress_now(summary.pk, summary.node, now=now)
    return Box(reach_now(customer, summary.node), progress, last_push(summary.pk), offer.newest)


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
