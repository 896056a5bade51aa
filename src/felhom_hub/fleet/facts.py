"""The facts beside the headline: how many reports and backups came of those that were due. Asks no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from felhom_hub.fleet.backups import BACKUP_OVERDUE_AFTER
from felhom_hub.fleet.roster import Server
from felhom_hub.reports.arrivals import CELL_MS, LAST_HOUR_BYTES, LAST_HOUR_CELLS, arrived_last_hour

_BACKUP_OVERDUE_MS = BACKUP_OVERDUE_AFTER // timedelta(milliseconds=1)


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
    """True when a server that reports has no good backup from last night, or says nothing of any."""
    if server.last_received_ms is None:
        return False
    at = server.last_backup_ms
    return at is None or now_ms - at > _BACKUP_OVERDUE_MS or server.last_backup_ok in (False, 0)


def report_fact(servers: Iterable[Server], *, stale_ms: int, now_ms: int) -> Fact:
    """The reports of the last hour, and how many servers are silent."""
    missing = 0
    # What came in the last hour depends on little, and that is the same for most servers: each kind is judged once.
    kinds: dict[tuple[bytes, int, int], int] = {}
    for server in servers:
        first, last, arrivals = server.first_received_ms, server.last_received_ms, server.arrivals
        if first is None or last is None or arrivals is None:
            continue
        missing += now_ms - last >= stale_ms
        age, silence = (now_ms - first) // CELL_MS, (now_ms - last) // CELL_MS
        kind = (
            bytes(arrivals[:LAST_HOUR_BYTES]),
            min(LAST_HOUR_CELLS, age),
            min(LAST_HOUR_CELLS, silence),
        )
        kinds[kind] = kinds.get(kind, 0) + 1
    done = due = 0
    for (arrivals, age, silence), count in kinds.items():
        arrived, expected = arrived_last_hour(
            arrivals,
            first_received_ms=now_ms - age * CELL_MS,
            last_received_ms=now_ms - silence * CELL_MS,
            now_ms=now_ms,
        )
        done += arrived * count
        due += expected * count
    return Fact(done, due, missing)


def backup_fact(servers: Iterable[Server], *, now_ms: int) -> Fact:
    """The servers that backed up last night, of those that have ever reported."""
    reporting = [server for server in servers if server.last_received_ms is not None]
    missing = sum([has_no_backup(server, now_ms=now_ms) for server in reporting])
    return Fact(len(reporting) - missing, len(reporting), missing)
