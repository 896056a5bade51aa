"""The rows of the backups' section: what is reported, what events tell, and the last 14 nights of each. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from felhom_hub.fleet.backups import Backup
from felhom_hub.fleet.nights import FAMILIES, Family, Night, Run, expected_words, nights_of, nights_words, runs_of


@dataclass(frozen=True, slots=True)
class Nightly:
    """One kind of backup; `expected` is when the next one is expected, empty where nobody can say."""

    backup: Backup
    nights: list[Night]
    expected: str

    @property
    def words(self) -> str:
        """What the marks say together."""
        return nights_words(self.nights)


def nightly_rows(
    reported: Sequence[Backup],
    events: Sequence[tuple[str, datetime]],
    *,
    heard_hours: Collection[int],
    is_old: bool,
    is_paused: bool,
    now: datetime,
    zone: ZoneInfo,
) -> list[Nightly]:
    """A row for each kind that is reported, or of which an event tells.

    Nothing is promised for a box that is silent or paused.
    """
    by_name = {backup.name: backup for backup in reported}
    rows = []
    for family in FAMILIES:
        told = by_name.get(family.name)
        runs = runs_of(family, events, reported_at=told.at if told else None, reported_ok=told.is_ok if told else None)
        backup = told or _from_events(family, runs, is_old=is_old)
        if backup is None:
            continue
        nights = nights_of(family, runs, heard_hours=heard_hours, now=now, zone=zone)
        expected = "" if is_old or is_paused else expected_words(family, nights, now=now, zone=zone)
        rows.append(Nightly(backup, nights, expected))
    return rows


def _from_events(family: Family, runs: Sequence[Run], *, is_old: bool) -> Backup | None:
    return Backup(family.name, runs[-1].at, False, runs[-1].is_ok, is_old) if runs else None
