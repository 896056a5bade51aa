"""What a customer's page says of its newest report and its last day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from felhom_hub.base.words import count_words, span_words
from felhom_hub.configs.queries import own_thresholds
from felhom_hub.events.queries import events_of_types
from felhom_hub.fleet.backups import Backup, backup_rows, backups_summary
from felhom_hub.fleet.containers import Containers, containers_of
from felhom_hub.fleet.meters import lines_with
from felhom_hub.fleet.nightly import Nightly, nightly_rows
from felhom_hub.fleet.nights import EVENT_TYPES, first_evening
from felhom_hub.fleet.rows import is_last_known
from felhom_hub.fleet.storage import DriveRow, drive_rows
from felhom_hub.fleet.strip import Strip, strip_drawing
from felhom_hub.fleet.system import DAY, Tile, tiles_of
from felhom_hub.reports.arrivals import SLOT_SECONDS
from felhom_hub.reports.detail import Machine, read_detail
from felhom_hub.reports.queries import history, newest_report, reports_by_hour
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import NodeFacts, Summary

_MAX_NIGHTS_EVENTS = 500  # of 14 nights; a box that sends more of them has other troubles
# No machine has been up for longer than there are such machines, and a date can be counted back from it.
_MAX_UPTIME_SECONDS = 100 * 365 * 86_400
# Transport takes a moment, and controllers that keep time drift by less.
_NOTABLE_SKEW_SECONDS = 30
_INTERVAL = timedelta(seconds=SLOT_SECONDS)


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


def reported_of(summary: Summary, node: NodeFacts, *, now: datetime, zone: ZoneInfo) -> Reported:
    """What the page says; its newest report is read whole."""
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
