"""The facts beside the headline: how many reports and backups came of those that were due. Asks no database."""

from collections.abc import Iterable
from dataclasses import dataclass

from felhom_hub.fleet.roster import Kind
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


def report_fact(reporting: Iterable[Kind], *, now_ms: int) -> Fact:
    """The reports of the last hour, of those that report as often as the fleet, and how many servers are silent."""
    done = due = missing = 0
    for kind in reporting:
        servers = len(kind.pks)
        missing += servers if kind.is_silent else 0
        if kind.is_lenient:  # what is due of it within an hour depends on the minute
            continue
        arrived, expected = arrived_last_hour(
            kind.arrivals,
            first_received_ms=now_ms - kind.age * CELL_MS,
            last_received_ms=now_ms - kind.silence * CELL_MS,
            now_ms=now_ms,
        )
        done += arrived * servers
        due += expected * servers
    return Fact(done, due, missing)


def backup_fact(reporting: Iterable[Kind]) -> Fact:
    """The servers that backed up last night, of those that have ever reported."""
    due = missing = 0
    for kind in reporting:
        due += len(kind.pks)
        missing += len(kind.pks) if kind.lacks_backup else 0
    return Fact(due - missing, due, missing)
