"""The facts beside the headline: how many reports and backups came of those that were due. Asks no database."""

from collections.abc import Iterable
from dataclasses import dataclass

from felhom_hub.fleet.roster import BACKUP_OVERDUE_MS, Rhythm, Server
from felhom_hub.reports.arrivals import CELL_MS, arrived_last_hour


@dataclass(frozen=True, slots=True)
class Fact:
    """`done` of `due`; `missing` servers are what its link narrows the list to."""

    done: int
    due: int
    missing: int

    @property
    def percent(self) -> int:
        """The length of its bar; full only when nothing is missing."""
        return 100 if self.done >= self.due else self.done * 100 // self.due


def is_silent(server: Server, *, stale_ms: int, now_ms: int) -> bool:
    """True when a server that has reported before stays silent."""
    return server.last_received_ms is not None and now_ms - server.last_received_ms >= stale_ms


def has_no_backup(server: Server, *, now_ms: int) -> bool:
    """True when a server that reports has no good backup from last night, or says nothing of any.

    `read_rhythms` counts them by the same rule.
    """
    if server.last_received_ms is None:
        return False
    at = server.last_backup_ms
    return at is None or now_ms - at > BACKUP_OVERDUE_MS or server.last_backup_ok in (False, 0)


def report_fact(rhythms: Iterable[Rhythm], *, now_ms: int) -> Fact:
    """The reports of the last hour, and how many servers are silent."""
    done = due = missing = 0
    for rhythm in rhythms:
        arrived, expected = arrived_last_hour(
            rhythm.arrivals,
            first_received_ms=now_ms - rhythm.age * CELL_MS,
            last_received_ms=now_ms - rhythm.silence * CELL_MS,
            now_ms=now_ms,
        )
        done += arrived * rhythm.servers
        due += expected * rhythm.servers
        missing += rhythm.silent
    return Fact(done, due, missing)


def backup_fact(rhythms: Iterable[Rhythm]) -> Fact:
    """The servers that backed up last night, of those that have ever reported."""
    rows = list(rhythms)
    due, missing = sum(rhythm.servers for rhythm in rows), sum(rhythm.without_backup for rhythm in rows)
    return Fact(due - missing, due, missing)
