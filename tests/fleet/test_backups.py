from datetime import UTC, datetime, timedelta

import pytest

from felhom_hub.fleet.backups import Backup, backup_of, backup_rows, backups_summary
from felhom_hub.reports.detail import Backups

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LAST_NIGHT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NOTHING = Backups(None, None, None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("age", "is_overdue"),
    [
        (timedelta(0), False),
        (timedelta(hours=26), False),
        (timedelta(hours=26, seconds=1), True),
        (timedelta(-1), False),
    ],
)
def test_a_backup_is_overdue_after_26_hours(age: timedelta, is_overdue: bool) -> None:
    backup = backup_of(NOW - age, is_ok=True, is_old=False, now=NOW)

    assert (backup.is_overdue, backup.tone, backup.is_fine) == (
        is_overdue,
        "warn" if is_overdue else "",
        not is_overdue,
    )


@pytest.mark.parametrize(
    ("is_ok", "is_old", "tone", "is_fine"),
    [
        (True, False, "", True),
        (None, False, "", True),  # old controllers say only when
        (False, False, "warn", False),
        (False, True, "", False),  # what is only last known warns of nothing
    ],
)
def test_a_failed_backup_warns_while_it_is_news(is_ok: bool | None, is_old: bool, tone: str, is_fine: bool) -> None:
    backup = backup_of(LAST_NIGHT, is_ok=is_ok, is_old=is_old, now=NOW)

    assert (backup.tone, backup.is_fine) == (tone, is_fine)


def test_no_backup_is_neither_overdue_nor_fine() -> None:
    backup = backup_of(None, is_ok=None, is_old=False, now=NOW)

    assert (backup.is_overdue, backup.tone, backup.is_fine) == (False, "", False)


def test_only_what_is_reported_has_a_row() -> None:
    assert backup_rows(NOTHING, is_old=False, now=NOW) == []


def test_rows_tell_size_and_snapshots_and_never_call_an_integrity_check_late() -> None:
    long_ago = NOW - timedelta(days=30)
    reported = Backups(LAST_NIGHT, True, long_ago, None, long_ago, True, 37, 52e9)

    rows = backup_rows(reported, is_old=False, now=NOW)

    assert rows == [
        Backup("App backup", LAST_NIGHT, False, True, False, "52 GB, 37 snapshots"),
        Backup("Database dump", long_ago, True, None, False),
        Backup("Integrity check", long_ago, False, True, False),
    ]


@pytest.mark.parametrize(
    ("ok", "dump_age_hours", "summary"),
    [(True, 10, "expected every night"), (False, 10, "1 of 2 failed"), (False, 60, "1 of 2 failed, 1 of 2 late")],
)
def test_the_summary_counts_what_failed_and_what_is_late(ok: bool, dump_age_hours: int, summary: str) -> None:
    reported = Backups(LAST_NIGHT, ok, NOW - timedelta(hours=dump_age_hours), True, None, None, None, None)

    assert backups_summary(backup_rows(reported, is_old=False, now=NOW)) == summary
