from typing import Any

import pytest

from felhom_hub.fleet.storage import DriveRow, drive_rows
from felhom_hub.reports.detail import Drive


def drive(name: str = "hdd1", **members: Any) -> Drive:
    values = {
        "path": "/mnt/hdd1",
        "device": "/dev/sda1",
        "role": "data",
        "state": "ok",
        "is_mounted": True,
        "percent": 41.0,
        "used_bytes": 0.41e12,
        "total_bytes": 1e12,
    }
    return Drive(name, **{**values, **members})


def test_a_drive_tells_place_role_use_and_state() -> None:
    assert drive_rows([drive()], is_old=False) == [
        DriveRow("hdd1", "/mnt/hdd1 · /dev/sda1", "App data", 41, "410 GB of 1 TB", "590 GB free", "Mounted", "", False)
    ]


def test_what_is_not_reported_stays_empty() -> None:
    bare = drive(
        path=None, device=None, role=None, state=None, is_mounted=None, percent=None, used_bytes=None, total_bytes=None
    )

    assert drive_rows([bare], is_old=False) == [DriveRow("hdd1", "", "", None, "", "", "", "", False)]


@pytest.mark.parametrize(
    ("members", "tone", "state"),
    [
        ({"percent": 84.4}, "", "Mounted"),
        ({"percent": 85.0}, "warn", "Mounted"),
        ({"percent": 95.0}, "down", "Mounted"),
        ({"state": "disconnected", "is_mounted": False}, "down", "Disconnected"),
        ({"is_mounted": False, "state": None}, "down", "Not mounted"),
        ({"state": "decommissioned", "is_mounted": False, "percent": 99.0}, "", "Decommissioned"),
        ({"state": "degraded", "is_mounted": None}, "", "Degraded"),
    ],
)
def test_full_and_missing_drives_stand_out(members: dict[str, Any], tone: str, state: str) -> None:
    row = drive_rows([drive(**members)], is_old=False)[0]

    assert (row.tone, row.state) == (tone, state)


def test_a_last_known_drive_warns_of_nothing() -> None:
    assert drive_rows([drive(percent=99.0)], is_old=True)[0].tone == ""


def test_problems_come_first_and_retired_drives_last() -> None:
    drives = [
        drive("old", state="decommissioned"),
        drive("fine"),
        drive("full", percent=97.0),
        drive("filling", percent=88.0),
    ]

    assert [row.name for row in drive_rows(drives, is_old=False)] == ["full", "filling", "fine", "old"]


def test_more_used_than_there_is_leaves_no_room() -> None:
    assert drive_rows([drive(used_bytes=2e12)], is_old=False)[0].free == ""
