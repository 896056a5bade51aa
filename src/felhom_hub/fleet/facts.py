"""The facts beside the headline: how many reports and backups came of those that were due. Asks no database."""

from collections.abc import Iterable
from dataclasses import dataclass

from felhom_hub.fleet.roster import Rhythm
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
