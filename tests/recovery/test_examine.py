from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests.build import NOW

from felhom_hub.recovery.checks import Verdict
from felhom_hub.recovery.contents import Contents, Disk
from felhom_hub.recovery.examine import (
    Known,
    Opening,
    Reported,
    ReportedDrive,
    Snapshot,
    examine,
    is_good,
)
from felhom_hub.recovery.measures import Measures

DAY = timedelta(days=1)
WHOLE = Contents(
    size_bytes=50_000,
    config_customer="nagy",
    config_domain="nagy.example.hu",
    keys=40,
    disks=(Disk("Rendszer", "/dev/nvme0n1p2", "/", has_uuid=True), Disk("hdd1", "/dev/sda1", "/mnt", has_uuid=True)),
    stacks=("immich", "nextcloud", "paperless", "vaultwarden"),
    passwords=2,
)
DRIVES = (ReportedDrive("Rendszer", "/dev/nvme0n1p2", "/"), ReportedDrive("hdd1", "/dev/sda1", "/mnt"))
REPORTED = Reported(
    at=NOW - timedelta(minutes=5),
    stacks=("immich", "Vaultwarden"),
    drives=DRIVES,
    last_backup_at=NOW - timedelta(hours=8),
    last_backup_ok=True,
)
SNAPSHOT = Snapshot(118, NOW - timedelta(hours=11), NOW - timedelta(hours=11), WHOLE)
GOOD = Measures(117, "11 Mar 2026", 48_000, 40, 2, 4, 2)
KNOWN = Known("nagy", "nagy.example.hu", SNAPSHOT, REPORTED, Opening.OPENS, GOOD)


def holding(**members: Any) -> Known:
    return replace(KNOWN, snapshot=replace(SNAPSHOT, contents=msgspec.structs.replace(WHOLE, **members)))


def reporting(**members: Any) -> Known:
    return replace(KNOWN, reported=replace(REPORTED, **members))


def gaps(known: Known) -> list[str]:
    """Whatever is told of checks that are not passed."""
    return [note for check in examine(known, now=NOW).checks if check.state != "y" for note in check.notes]


def test_a_whole_snapshot_of_a_healthy_server_passes_all() -> None:
    found = examine(KNOWN, now=NOW)

    assert (found.verdict, found.states, found.reason) == (Verdict.YES, "yyyyy", "All 5 checks pass")
    assert found.checks[0].notes == (
        "controller.yaml, settings, 2 drives, 4 apps and 2 restic passwords were read back",
    )
    assert is_good(KNOWN, now=NOW)


@pytest.mark.parametrize(
    ("known", "states", "reason"),
    [
        (replace(KNOWN, snapshot=None), "nuuyy", "The server has never sent a snapshot"),
        (
            replace(KNOWN, snapshot=replace(SNAPSHOT, contents=None)),
            "nuuyy",
            "Its seal does not open: it was changed, or its key is missing. Version 117 of 11 Mar 2026 is good",
        ),
        (
            holding(is_readable=False, broken=("It is cut off",)),
            "nuuyy",
            "It is cut off. Version 117 of 11 Mar 2026 is good",
        ),
        (
            holding(broken=("The part with the disk layout is cut off",), disks=()),
            "nyuyy",
            "The part with the disk layout is cut off. Version 117 of 11 Mar 2026 is good",
        ),
        (
            replace(holding(config_customer="kovacs"), good=None),
            "nuuyy",
            "Its controller.yaml is for kovacs",
        ),
        (replace(KNOWN, opening=Opening.NO_PASSPHRASE), "yyyyn", "The customer has no passphrase"),
        (
            replace(KNOWN, opening=Opening.WRONG),
            "yyyyn",
            "The stored retrieval password is refused, or its seal does not open",
        ),
        (replace(KNOWN, opening=Opening.NOT_MADE), "yyyyn", "The configuration cannot be made; its preview says why"),
    ],
)
def test_there_is_no_rebuild(known: Known, states: str, reason: str) -> None:
    found = examine(known, now=NOW)
    assert (found.verdict, found.states, found.reason) == (Verdict.NO, states, reason)


def without_uuid(*names: str) -> Known:
    return holding(disks=tuple(msgspec.structs.replace(disk, has_uuid=disk.name not in names) for disk in WHOLE.disks))


@pytest.mark.parametrize(
    ("known", "states", "told"),
    [
        (without_uuid("hdd1"), "yygyy", ["hdd1 in the layout has no UUID"]),
        (
            holding(missing=("settings",)),
            "gyyyy",
            ["The settings are missing in it"],
        ),
        (holding(missing=("controller.yaml",)), "gyyyy", ["The controller.yaml is missing in it"]),
        (holding(config_customer=""), "gyyyy", ["Its controller.yaml does not say whose it is"]),
        (
            holding(missing=("restic passwords",), passwords=0),
            "ygyyy",
            ["Without a restic password no app data comes back"],
        ),
        (holding(passwords=1), "ygyyy", ["It has 1 restic password, version 117 of 11 Mar 2026 had 2"]),
        (
            holding(missing=("disk layout",), disks=()),
            "gygyy",
            ["It has 0 drives, version 117 of 11 Mar 2026 had 2", "Which drives the apps were on is not in it"],
        ),
        (
            holding(config_domain="other.hu"),
            "gyyyy",
            ["Its controller.yaml is for other.hu, the hub knows nagy.example.hu"],
        ),
        (reporting(stacks=("immich", "mealie")), "gyyyy", ["mealie runs, but is not among the apps"]),
        (
            reporting(drives=DRIVES[:1]),
            "yygyy",
            ["hdd1 in the layout does not report any more. Was it swapped?"],
        ),
        (
            reporting(drives=(*DRIVES, ReportedDrive("hdd2", "/dev/sdc1"))),
            "yygyy",
            ["hdd2 reports, but is not in the layout"],
        ),
        (
            reporting(last_backup_at=NOW - timedelta(hours=36, minutes=5)),
            "yyygy",
            ["App data would be 1 d 12 h old: no backup last night"],
        ),
        (
            reporting(last_backup_at=NOW - timedelta(hours=8, minutes=5), last_backup_ok=False),
            "yyygy",
            ["App data would be more than 8 h old: the last backup failed"],
        ),
        (
            replace(KNOWN, opening=Opening.NOT_MANAGED),
            "yyyyg",
            ["No configuration, so no retrieval password. Create a configuration"],
        ),
        (
            replace(KNOWN, snapshot=replace(SNAPSHOT, renewed_at=NOW - 3 * DAY - timedelta(minutes=5))),
            "gyyyy",
            ["The snapshot was 3 d old at the last report; it is sent every day"],
        ),
    ],
)
def test_a_rebuild_would_lose_something(known: Known, states: str, told: list[str]) -> None:
    found = examine(known, now=NOW)
    assert (found.verdict, found.states, gaps(known)) == (Verdict.WITH_GAPS, states, told)


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"size_bytes": 3_360}, "The snapshot is 93 % smaller than version 117 of 11 Mar 2026"),
        ({"keys": 19}, "It has 19 controller.yaml keys, version 117 of 11 Mar 2026 had 40"),
        ({"stacks": ("immich", "vaultwarden")[:1]}, "It has 1 app, version 117 of 11 Mar 2026 had 4"),
    ],
)
def test_a_snapshot_that_has_lost_more_than_half_of_something_is_suspicious(
    members: dict[str, object], told: str
) -> None:
    known = replace(holding(**members), reported=replace(REPORTED, stacks=()))

    assert gaps(known) == [told]
    assert not is_good(known, now=NOW)
    # A week later it is what the box has, and later ones are measured by it.
    settled = replace(known, snapshot=replace(known.snapshot, received_at=NOW - 7 * DAY))  # type: ignore[type-var]
    assert gaps(settled) == []
    assert is_good(settled, now=NOW)


def test_a_password_that_is_gone_is_told_for_a_week_and_not_only_once() -> None:
    known = holding(passwords=1)

    assert not is_good(known, now=NOW)
    settled = replace(known, snapshot=replace(SNAPSHOT, received_at=NOW - 7 * DAY, contents=known.snapshot.contents))  # type: ignore[union-attr]
    assert gaps(settled) == []
    assert is_good(settled, now=NOW)


def test_a_configuration_of_nobody_proves_nothing() -> None:
    known = holding(config_customer="")
    assert not is_good(known, now=NOW)
    assert is_good(holding(), now=NOW)


def test_half_of_it_is_not_suspicious_nor_is_the_last_good_one_itself() -> None:
    assert gaps(holding(size_bytes=24_000, keys=20)) == []
    assert gaps(replace(holding(size_bytes=10), good=replace_version(118))) == []


def replace_version(version: int) -> Measures:
    return msgspec.structs.replace(GOOD, version=version)


def test_a_silent_servers_ages_are_those_of_its_last_report() -> None:
    silent = replace(
        KNOWN,
        snapshot=replace(SNAPSHOT, received_at=NOW - 9 * DAY, renewed_at=NOW - 6 * DAY),
        reported=replace(REPORTED, at=NOW - 5 * DAY, last_backup_at=NOW - 5 * DAY - timedelta(hours=9)),
    )
    assert examine(silent, now=NOW).states == "yyyyy"


def test_a_drive_is_recognised_by_its_name_or_place_and_a_retired_one_may_stay_in_the_layout() -> None:
    other_device = (DRIVES[0], ReportedDrive("hdd1", "/dev/sdc1", "/mnt/hdd1"))
    assert gaps(reporting(drives=other_device)) == []
    assert gaps(reporting(drives=DRIVES[:1], retired=DRIVES[1:])) == []


def test_what_is_not_reported_is_not_known() -> None:
    mute = replace(KNOWN, reported=Reported(at=NOW))
    found = examine(mute, now=NOW)
    assert (found.states, found.verdict) == ("yyyuy", Verdict.YES)
    assert examine(replace(KNOWN, reported=None), now=NOW).states == "yyyuy"


def test_a_snapshot_too_large_to_be_read_proves_nothing() -> None:
    known = holding(too_large=True)
    found = examine(known, now=NOW)
    assert (found.states, found.verdict) == ("guuyy", Verdict.WITH_GAPS)
    assert found.reason == "The snapshot is too large to be looked into every day, so nothing in it is proven"
    assert not is_good(known, now=NOW)


def test_many_of_a_kind_are_not_all_spelled_out() -> None:
    told = gaps(reporting(stacks=tuple("abcdef")))
    assert told[:3] == [f"{name} runs, but is not among the apps" for name in "abc"]
    assert told[3:] == ["And 3 more"]
