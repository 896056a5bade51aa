"""One row of the overview: a summary with its strip, meters and ages, as the template prints them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from felhom_hub.fleet.acknowledged import Acknowledgement, acknowledgements
from felhom_hub.fleet.backups import Backup, backup_of
from felhom_hub.fleet.banner import SECTIONS, section_of
from felhom_hub.fleet.looks import LOOKS, Look
from felhom_hub.fleet.meters import DEFAULT_LINES, LAST_KNOWN_AFTER, AllLines, Meter, Tone, meter_of
from felhom_hub.fleet.strip import Strip, strip_drawing
from felhom_hub.fleet.updates import Updates
from felhom_hub.notify.taken import Taken
from felhom_hub.reports.config_sync import ConfigSync
from felhom_hub.reports.status import Status, Verdict
from felhom_hub.reports.summary import NodeFacts, Summary


@dataclass(frozen=True, slots=True)
class Reported:
    """What the row shows of a server that has reported."""

    last_report_at: datetime
    report_tone: Tone
    strip: Strip
    cpu: Meter
    memory: Meter
    disk: Meter
    disk_name: str
    temperature: Meter
    backup: Backup
    controller_version: str
    newer_version: str  # a release that it does not have yet; empty for none
    sync: ConfigSync
    is_managed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A server in the list; `reported` is None before its first report, `since` of a health problem only."""

    anchor: str
    path: str
    name: str
    id_line: str
    status: Status
    look: Look
    verdict: Verdict
    since: datetime | None
    errors: int
    warnings: int
    reported: Reported | None
    section: str  # of its page, where the problem can be seen
    acknowledged: list[Acknowledgement] = field(default_factory=list)
    is_lost: bool = False  # it could not be rebuilt from what the hub has

    @property
    def needs_attention(self) -> bool:
        """True for the rows that print their reason on a line of its own."""
        return self.status in (Status.DOWN, Status.WARN)


_NO_UPDATES = Updates()


def row_of(
    summary: Summary,
    *,
    now: datetime,
    lines: AllLines = DEFAULT_LINES,
    taken: Iterable[Taken] = (),
    updates: Updates = _NO_UPDATES,
    is_lost: bool = False,
) -> Row:
    """The row of a customer; `taken` are its alarms that somebody has acknowledged."""
    verdict, node = summary.verdict, summary.node
    by_health = verdict.status in (Status.DOWN, Status.WARN) and not verdict.is_silent
    return Row(
        anchor=f"c-{summary.customer_id}",
        path=customer_path(summary.customer_id),
        name=summary.display_name,
        id_line=" · ".join(part for part in (summary.customer_id, summary.town) if part),
        status=verdict.status,
        look=LOOKS[verdict.status],
        verdict=verdict,
        since=node.health_since_at if node is not None and by_health else None,
        errors=summary.errors_24h,
        warnings=summary.warnings_24h,
        reported=None if node is None else _reported(node, summary, lines, updates, now=now),
        section=section_of(node.health_messages[0], SECTIONS) if node is not None and node.health_messages else "",
        acknowledged=acknowledgements(taken, verdict),
        is_lost=is_lost,
    )


def customer_path(customer_id: str) -> str:
    """The address of a customer's page; an id needs no quoting (contract 1.1)."""
    return f"/customers/{customer_id}"


def is_last_known(node: NodeFacts, *, now: datetime) -> bool:
    """True when the newest report is too old to be shown as live."""
    return now - node.last_received_at > LAST_KNOWN_AFTER


def _reported(node: NodeFacts, summary: Summary, lines: AllLines, updates: Updates, *, now: datetime) -> Reported:
    verdict, is_old = summary.verdict, is_last_known(node, now=now)
    report_tone: Tone = ("down" if verdict.status is Status.DOWN else "warn") if verdict.is_silent else ""
    is_paused = verdict.status is Status.DISABLED
    return Reported(
        last_report_at=node.last_received_at,
        report_tone=report_tone,
        strip=strip_drawing(
            node.arrivals, node.first_received_at, allowance=node.allowance, now=now, is_paused=is_paused
        ),
        cpu=meter_of(node.cpu_percent, lines.cpu, is_old=is_old),
        memory=meter_of(node.memory_percent, lines.memory, is_old=is_old),
        disk=meter_of(node.disk_percent, lines.disk, is_old=is_old, title=_fullest(node.disk_name)),
        disk_name=node.disk_name or "",
        temperature=meter_of(node.temperature_celsius, lines.temperature, unit="°C", is_old=is_old),
        backup=backup_of(node.last_backup_at, is_ok=node.last_backup_ok, is_old=is_old, now=now),
        controller_version=node.controller_version or "",
        newer_version=updates.newer_than(node.controller_version),
        sync=node.config_sync,
        is_managed=summary.is_managed,
    )


def _fullest(disk_name: str | None) -> str:
    return f"Fullest drive: {disk_name}" if disk_name else ""
