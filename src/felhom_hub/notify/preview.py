"""Every message as it would go out, filled with made-up data by the code that writes the real ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from felhom_hub.events.catalogue import CATALOGUE, LEGACY_TYPE, Severity, default_severity_of
from felhom_hub.notify.compose import html_of
from felhom_hub.notify.for_customer import customer_letter
from felhom_hub.notify.for_operator import operator_letter
from felhom_hub.notify.gather import STANDING, SUMMARY
from felhom_hub.notify.letter import Letter, Tone
from felhom_hub.notify.plain_text import text_of
from felhom_hub.notify.policy import AUDIENCES, RECOVERS, Audience
from felhom_hub.notify.situation import Situation
from felhom_hub.notify.summary_letters import HeldUp, customer_summary, operator_standing, operator_summary
from felhom_hub.notify.wording import what_words

# A type that nobody has written words for, of each severity.
_UNKNOWN: Mapping[str, Severity] = {"new_kind_of_event": "warning", "new_kind_of_error": "error"}
_MAIL_BOUNCED = "hub_mail_bounced"  # the hub's own, about a customer
# What boxes and the hub say beside the catalogue's sentence.
_MESSAGES: Mapping[str, str] = {
    "node_down": "No report for 1 h. The last one was healthy.",
    "hub_deaf": "The hub could not hear from 12 Mar 2026, 11:02 to 12 Mar 2026, 11:40 (38 min: it was not running). "
    "Since then 238 servers reported again, 2 did not yet.",
    "hub_incident_began": "12 of 240 servers are silent since 14:20, all of them on controller v0.30.2.",
    "hub_incident_ended": "11 of 12 servers report again. Still silent: Gál Mihály.",
    "hub_backup_missed": "The backup of the hub is late: the last proven one was made 31 h ago (11 Mar 2026, 03:30).",
    "hub_backup_failed": "No backup of the hub could be made: /backups: No such file or directory.",
    "hub_backup_done": "The backup hub-20260312T023000Z.felhom-backup is there, and can be restored.",
    "hub_volume_filling": "The volume of the database will be full about 2 Apr 2026, in 21 days, at the present growth "
    "of 31 MB a day; 651 MB are free.",
    "hub_volume_roomy": "The volume of the database has room again: for 120 days.",
    "backup_failed": "restic: hdd1 has no room, 41 GB needed, 12 GB free",
    "disk_warning": "hdd1 is 86 % full",
    "disk_critical": "hdd1 is 96 % full, 58 GB left",
    "health_degraded": "nextcloud-db restarts again and again",
    LEGACY_TYPE: "Ma este 22 órakor karbantartást végzünk a szerverén.",
}

_ABOUT: Mapping[str, str] = {
    "customer_id": "kovacs-peter",
    "name": "Kovács Péter",
    "town": "Szeged",
    "domain": "kovacs-peter.example.hu",
    "phone": "+36 20 555 0123",
    "controller_version": "v0.30.2",
}


@dataclass(frozen=True, slots=True)
class Specimen:
    """One message in its two forms."""

    audience: Audience
    event_type: str
    label: str
    letter: Letter
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One message in the list of those that there are."""

    event_type: str
    label: str
    tone: Tone
    subject: str


def types_for(audience: Audience) -> list[str]:
    """The types that the audience can be written to about; what is of the whole fleet is no customer's."""
    known = [entry.name for entry in CATALOGUE.values() if audience == "operator" or entry.category != "hub"]
    legacy = [LEGACY_TYPE] if audience == "customer" else []
    gathered = [SUMMARY, STANDING] if audience == "operator" else [SUMMARY]
    return [*known, *gathered, *legacy, *_UNKNOWN]


def entries_for(audience: Audience, *, now: datetime, zone: ZoneInfo, hub_url: str) -> list[Entry]:
    """The list."""
    listed = []
    for event_type in types_for(audience):
        letter = _letter(audience, event_type, now=now, zone=zone, hub_url=hub_url)
        listed.append(Entry(event_type, what_words(event_type), letter.tone, letter.subject))
    return listed


def specimen_of(audience: str, event_type: str, *, now: datetime, zone: ZoneInfo, hub_url: str) -> Specimen | None:
    """The message; None where there is none of that kind."""
    known = next((each for each in AUDIENCES if each == audience), None)
    if known is None or event_type not in types_for(known):
        return None
    letter = _letter(known, event_type, now=now, zone=zone, hub_url=hub_url)
    return Specimen(known, event_type, what_words(event_type), letter, text_of(letter), html_of(letter))


def _letter(audience: Audience, event_type: str, *, now: datetime, zone: ZoneInfo, hub_url: str) -> Letter:
    is_operator = audience == "operator"
    known = CATALOGUE.get(event_type)
    is_of_fleet = known is not None and known.category in {"hub", "test"} and event_type != _MAIL_BOUNCED
    about = {} if is_operator and is_of_fleet else _ABOUT
    situation = _situation(event_type, about, now=now, zone=zone, hub_url=hub_url)
    if event_type == SUMMARY:
        held_up = _held_up(now)
        return operator_summary(situation, held_up) if is_operator else customer_summary(situation, held_up)
    if event_type == STANDING:
        return operator_standing(situation, _held_up(now)[:3])
    return operator_letter(situation) if is_operator else customer_letter(situation)


def _situation(event_type: str, about: Mapping[str, str], *, now: datetime, zone: ZoneInfo, hub_url: str) -> Situation:
    return Situation(
        event_pk=None,
        event_type=event_type,
        severity=_UNKNOWN.get(event_type, default_severity_of(event_type)),
        message=_MESSAGES.get(event_type, ""),
        at=now,
        now=now,
        zone=zone,
        last_report_at=now - timedelta(hours=1) if about else None,
        last_backup_at=now - timedelta(hours=11, minutes=42) if about else None,
        is_recovery=event_type in RECOVERS,
        cooldown=timedelta(hours=6),
        hub_url=hub_url,
        customer_id=about.get("customer_id", ""),
        name=about.get("name", ""),
        town=about.get("town", ""),
        domain=about.get("domain", ""),
        phone=about.get("phone", ""),
        controller_version=about.get("controller_version", ""),
    )


def _held_up(now: datetime) -> list[HeldUp]:
    types = ("node_stale", "node_down", "backup_failed", "node_recovered")
    return [HeldUp(now - timedelta(hours=6 - hours), "Kovács Péter", name) for hours, name in enumerate(types)]
