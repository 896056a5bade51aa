"""The facts beside the headline: how many of those that should have what they should. Asks no database."""

from collections.abc import Iterable
from dataclasses import dataclass

from felhom_hub.fleet.roster import Kind
from felhom_hub.fleet.updates import Updates
from felhom_hub.reports.arrivals import CELL_MS, arrived_last_hour


@dataclass(frozen=True, slots=True)
class Fact:
    """`done` of `due`; `missing` servers are what its link narrows the list to.

    Of `unknown` ones nobody can tell; they are neither done nor missing.
    """

    done: int
    due: int
    missing: int
    unknown: int = 0

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


def controller_fact(updates: Updates) -> Fact:
    """The servers that run the newest release or a later version, of those that have ever reported."""
    unknown = updates.running - updates.current - updates.servers
    return Fact(updates.current, updates.running, updates.servers, unknown)


def config_fact(reporting: Iterable[Kind]) -> Fact:
    """The servers that run the hub's configuration, of the managed ones that have ever reported."""
    due = missing = unknown = 0
    for kind in reporting:
        if kind.is_managed:
            due += len(kind.pks)
            missing += len(kind.pks) if kind.differs else 0
            unknown += len(kind.pks) if not kind.is_comparable else 0
    return Fact(due - missing - unknown, due, missing, unknown)
