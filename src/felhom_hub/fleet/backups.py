"""What a server says of its backups, as its page shows it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from felhom_hub.base.words import count_words, size_words
from felhom_hub.fleet.meters import Tone
from felhom_hub.reports.detail import Backups

# A backup is expected every night; two hours more than a day leave room for a long one.
BACKUP_OVERDUE_AFTER = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Backup:
    """One kind of backup; `at` is None where none is reported, `is_ok` where its result is not."""

    name: str
    at: datetime | None
    is_overdue: bool
    is_ok: bool | None
    is_old: bool
    note: str = ""

    @property
    def is_failed(self) -> bool:
        """True when the last one is known to have failed."""
        return self.is_ok is False

    @property
    def tone(self) -> Tone:
        """A last known one warns of nothing."""
        return "warn" if not self.is_old and (self.is_overdue or self.is_failed) else ""

    @property
    def is_fine(self) -> bool:
        """True when nobody has to look at it."""
        return self.at is not None and not self.is_old and not self.tone


def backup_of(at: datetime | None, *, is_ok: bool | None, is_old: bool, now: datetime) -> Backup:
    """How the last app backup stands at `now`."""
    return Backup("App backup", at, _is_overdue(at, now), is_ok, is_old)


def backup_rows(backups: Backups, *, is_old: bool, now: datetime) -> list[Backup]:
    """App backup, database dump and integrity check, each where it is reported."""
    note = ", ".join(
        words
        for words in (
            "" if backups.repository_bytes is None else size_words(backups.repository_bytes),
            "" if backups.snapshot_count is None else count_words(backups.snapshot_count, "snapshot"),
        )
        if words
    )
    dump_at, check_at = backups.last_db_dump_at, backups.last_integrity_at
    app_at = backups.last_backup_at
    rows = (
        Backup("App backup", app_at, _is_overdue(app_at, now), backups.last_backup_ok, is_old, note),
        Backup("Database dump", dump_at, _is_overdue(dump_at, now), backups.last_db_dump_ok, is_old),
        # How often it runs is the controller's affair, so it is never overdue.
        Backup("Integrity check", check_at, False, backups.last_integrity_ok, is_old),
    )
    return [row for row in rows if row.at is not None or row.is_failed]


def backups_summary(rows: Sequence[Backup]) -> str:
    """The section's sentence."""
    failed, overdue = sum(row.is_failed for row in rows), sum(row.is_overdue for row in rows)
    parts = [f"{failed} of {len(rows)} failed"] if failed else []
    if overdue:
        parts.append(f"{overdue} of {len(rows)} late")
    return ", ".join(parts) if parts else "expected every night"


def _is_overdue(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at > BACKUP_OVERDUE_AFTER
