"""The banner of a customer's page: what is wrong, since when, why, and where to look next. Asks no database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from felhom_hub.base.words import count_words
from felhom_hub.fleet.acknowledged import Acknowledgement, acknowledgements
from felhom_hub.fleet.backups import Backup
from felhom_hub.fleet.looks import LOOKS, Look
from felhom_hub.notify.taken import Taken
from felhom_hub.reports.arrivals import SLOTS
from felhom_hub.reports.status import Health, Status
from felhom_hub.reports.summary import NodeFacts, Summary

# Which section a sentence of the controller speaks of; the first that fits counts.
_SECTION_WORDS = (
    ("backups", ("backup", "dump", "restic", "snapshot", "repository")),
    ("containers", ("container", "restart", "memory limit", "unhealthy", "health check took")),
    ("storage", ("drive", "disk", "storage", "hdd", "ssd", "full", "read-only")),
    ("system", ("temperature", "cpu", "memory", "swap", "load", "°c")),
)
SECTIONS = frozenset(section for section, _ in _SECTION_WORDS)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: `fact` is printed bold, `rest` after it, `hint` below; `section` is where it can be seen."""

    fact: str
    rest: str = ""
    hint: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """`since` is when it began, and is printed as a span behind the headline; reasons come in order of cause."""

    look: Look
    headline: str
    since: datetime | None
    sub: str
    reasons: list[Reason]
    text: str = ""
    acknowledged: list[Acknowledgement] = field(default_factory=list)


def banner_of(
    summary: Summary,
    *,
    backups: Collection[Backup],
    sections: Collection[str],
    phone: str,
    silent_slots: int,
    taken: Iterable[Taken] = (),
) -> Banner | None:
    """The banner, or None where nothing needs one; `sections` are those that the page has.

    `silent_slots` is how many quarter hours of the last day have gone by without a report since the newest; `taken` are
    the alarms that somebody has acknowledged.
    """
    banner = _banner(summary, backups=backups, sections=sections, phone=phone, silent_slots=silent_slots)
    return None if banner is None else replace(banner, acknowledged=acknowledgements(taken, summary.verdict))


def _banner(
    summary: Summary, *, backups: Collection[Backup], sections: Collection[str], phone: str, silent_slots: int
) -> Banner | None:
    verdict, node = summary.verdict, summary.node
    look = LOOKS[verdict.status]
    if verdict.status is Status.BLOCKED:
        return _blocked(look, summary)
    if node is None:
        text = "Run the set-up on the server. The first report comes within 15 min and this page fills by itself, "
        return Banner(look, "Waiting for the first report", None, "", [], f"{text}checked every 15 s.")
    if verdict.is_silent:
        return _silent(look, summary, node, phone=phone, silent_slots=silent_slots)
    if verdict.status is Status.DISABLED:
        text = "The controller says so itself. Its reports still arrive and are kept."
        return Banner(look, "Monitoring is paused", None, "", [], text)
    if verdict.status is Status.OK:
        return None
    headline = "Health check has been failing for" if verdict.status is Status.DOWN else "Warning for"
    reasons = [Reason(message, section=section_of(message, sections)) for message in node.health_messages]
    if not reasons:
        reasons = [Reason("The controller gives no reason", section="system")]
    if "backups" not in {reason.section for reason in reasons}:
        reasons += [_overdue(backup) for backup in backups if backup.is_overdue]
    because = f"because of {count_words(len(reasons), 'thing')}" if len(reasons) > 1 else ""
    return Banner(look, headline, node.health_since_at, because, reasons)


def section_of(message: str, sections: Collection[str]) -> str:
    """The section that a controller's sentence speaks of, where the page has it; else empty."""
    lowered = message.casefold()
    for section, words in _SECTION_WORDS:
        if section in sections and any(word in lowered for word in words):
            return section
    return ""


def _overdue(backup: Backup) -> Reason:
    return Reason(f"{backup.name} is overdue", hint="It is expected every night.", section="backups")


def _blocked(look: Look, summary: Summary) -> Banner:
    text = (
        "Hidden from the fleet page. No notifications go out. Reports are still accepted and stored, and each answer "
        "tells the controller that it is blocked, so it enters limited mode after its grace period."
    )
    return Banner(look, "Blocked for", summary.blocked_at, "", [], text)


def _silent(look: Look, summary: Summary, node: NodeFacts, *, phone: str, silent_slots: int) -> Banner:
    sub = f"{count_words(silent_slots, 'report')} missed" if silent_slots else ""
    if silent_slots == SLOTS:
        sub = "none in the last 24 h"
    if summary.verdict.status is Status.WARN:
        reason = Reason(summary.verdict.detail, hint="A short silence is often a restart or an update.")
        return Banner(look, "No report for", node.last_received_at, sub, [reason])
    reasons = [_last_words(node)]
    if phone:
        reasons.append(Reason("Next: call the customer", f", {phone}"))
    return Banner(look, "No report for", node.last_received_at, sub, reasons)


def _last_words(node: NodeFacts) -> Reason:
    if node.health == Health.OK:
        hint = "That points to power or internet at the site, not to the server itself."
        return Reason("The last report was healthy", hint=hint, section="system")
    if node.health is None:
        return Reason("The last report said nothing about health", section="system")
    said = "; ".join(node.health_messages) or "no reason given"
    word = "a failed health check" if node.health == Health.FAIL else "a warning"
    return Reason(f"The last report had {word}", f": {said}", "That may be the cause.", "system")
