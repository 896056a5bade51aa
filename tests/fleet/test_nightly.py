from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from felhom_hub.fleet.backups import Backup, backup_rows
from felhom_hub.fleet.nightly import Nightly, nightly_rows
from felhom_hub.fleet.nights import FAMILIES
from felhom_hub.reports.detail import Backups

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LAST_NIGHT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ALWAYS = range(round(NOW.timestamp()) // 3600 - 24 * 30, round(NOW.timestamp()) // 3600 + 1)


def rows(reported: list[Backup], *events: tuple[str, datetime], **members: Any) -> list[Nightly]:
    plain: dict[str, Any] = {"heard_hours": ALWAYS, "is_old": False, "is_paused": False, "now": NOW}
    return nightly_rows(reported, events, **(plain | members), zone=ZoneInfo("Europe/Budapest"))


def reported(at: datetime = LAST_NIGHT, *, is_ok: bool | None = True) -> list[Backup]:
    return [Backup("App backup", at, False, is_ok, False, "52 GB")]


def test_what_is_reported_has_a_row_of_the_same_name() -> None:
    told = backup_rows(Backups(LAST_NIGHT, True, LAST_NIGHT, True, LAST_NIGHT, True, 3, 5e9), is_old=False, now=NOW)

    assert [row.backup for row in rows(told)] == told
    assert {backup.name for backup in told} <= {family.name for family in FAMILIES}


def test_what_only_events_tell_of_has_a_row_too() -> None:
    found = rows(
        reported(), ("crossdrive_backup_failed", LAST_NIGHT), ("crossdrive_backup_completed", LAST_NIGHT - DAY)
    )

    assert [row.backup for row in found] == [*reported(), Backup("Cross-drive copy", LAST_NIGHT, False, False, False)]
    assert found[1].words == "1 done, 1 failed"


def test_the_newest_report_tells_of_its_night() -> None:
    (row,) = rows(reported(), ("backup_completed", LAST_NIGHT - 3 * DAY))

    assert [night.state for night in row.nights[-5:]] == ["none", "done", "missed", "missed", "done"]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "tonight, before 05:00"),
        ({"is_old": True}, ""),
        ({"is_paused": True}, ""),
        ({"now": LAST_NIGHT + timedelta(minutes=30)}, "next night"),
        ({"now": LAST_NIGHT + DAY}, "tonight, before 05:00"),
        ({"now": NOW + 30 * DAY, "heard_hours": ()}, ""),
    ],
)
def test_the_next_one_is_promised_only_where_that_is_honest(members: dict[str, Any], words: str) -> None:
    (row,) = rows(reported(), **members)

    assert row.expected == words


def test_nothing_is_known_of_when_the_next_check_runs() -> None:
    (row,) = rows([Backup("Integrity check", LAST_NIGHT, False, True, False)])

    assert (row.expected, row.words) == ("", "1 done")


@pytest.mark.parametrize("year", [1, 9999])
def test_a_box_with_an_impossible_clock_has_no_marks(year: int) -> None:
    (row,) = rows(reported(NOW.replace(year=year, month=12, day=31)))

    assert row.words == "none known"
