from datetime import timedelta
from typing import Any

import pytest
from tests.fleet.summaries import NOW, node, summary

from felhom_hub.fleet.acknowledged import Acknowledgement
from felhom_hub.fleet.looks import LOOKS
from felhom_hub.fleet.rows import Row, customer_path, is_last_known, row_of
from felhom_hub.notify.taken import Taken
from felhom_hub.reports.status import Status, Verdict

HOUR = timedelta(hours=1)


def test_a_customer_that_waits_has_no_readings() -> None:
    assert row_of(summary(created_at=NOW - 3 * HOUR), now=NOW) == Row(
        anchor="c-kovacs-peter",
        path="/customers/kovacs-peter",
        name="Kovács Péter",
        id_line="kovacs-peter · Vác",
        status=Status.PENDING,
        look=LOOKS[Status.PENDING],
        verdict=Verdict(Status.PENDING, detail="Config created 3 h ago. Waiting for the first report."),
        since=None,
        errors=0,
        warnings=0,
        reported=None,
        section="",
    )


def test_a_health_problem_says_since_when() -> None:
    since = NOW - 5 * HOUR
    row = row_of(
        summary(node(health="warn", health_since_at=since, health_messages=("drive hdd1 is 91 % full",))), now=NOW
    )

    assert (row.since, row.needs_attention, row.verdict.reason) == (
        since,
        True,
        "Health warning: drive hdd1 is 91 % full",
    )


def test_silence_is_its_own_time_and_makes_values_last_known() -> None:
    row = row_of(summary(node(timedelta(minutes=134), disk_percent=99.0)), now=NOW)

    assert (row.status, row.since) == (Status.DOWN, None)
    assert row.reported is not None
    assert (row.reported.report_tone, row.reported.disk.is_old, row.reported.disk.tone) == ("down", True, "")
    assert (row.reported.backup.is_old, row.reported.backup.tone) == (True, "")


def test_a_late_report_is_marked_and_still_live() -> None:
    row = row_of(summary(node(timedelta(minutes=38), disk_percent=99.0)), now=NOW)

    assert row.reported is not None
    assert (row.reported.report_tone, row.reported.disk.is_old, row.reported.disk.tone) == ("warn", False, "down")


def test_a_healthy_row_is_calm() -> None:
    row = row_of(summary(node()), now=NOW)

    assert (row.status, row.needs_attention, row.since) == (Status.OK, False, None)
    assert row.reported is not None
    assert (row.reported.report_tone, row.reported.backup.is_fine, row.reported.controller_version) == (
        "",
        True,
        "v0.30.0",
    )
    assert row.reported.disk.title == "Fullest drive: hdd1"


@pytest.mark.parametrize(
    ("members", "name", "id_line"),
    [
        ({"name": ""}, "kovacs-peter", "kovacs-peter · Vác"),
        ({"town": ""}, "Kovács Péter", "kovacs-peter"),
    ],
)
def test_name_and_id_line_do_without_what_is_missing(members: dict[str, Any], name: str, id_line: str) -> None:
    row = row_of(summary(node(), **members), now=NOW)

    assert (row.name, row.id_line) == (name, id_line)


def test_a_node_that_says_little_gets_a_row_too() -> None:
    bare = node(
        controller_version=None, cpu_percent=None, memory_percent=None, disk_percent=None, disk_name=None,
        temperature_celsius=None, last_backup_at=None, last_backup_ok=None, health=None,
    )  # fmt: skip

    row = row_of(summary(bare), now=NOW)

    assert row.reported is not None
    meters = (row.reported.cpu, row.reported.memory, row.reported.disk, row.reported.temperature)
    assert [meter.value for meter in meters] == [None] * 4
    assert (row.reported.controller_version, row.reported.disk_name, row.reported.backup.at) == ("", "", None)


@pytest.mark.parametrize(("minutes", "is_old"), [(59, False), (60, False), (61, True)])
def test_values_are_last_known_after_an_hour(minutes: int, is_old: bool) -> None:
    assert is_last_known(node(timedelta(minutes=minutes)), now=NOW) is is_old


def test_a_paused_server_has_a_paused_strip() -> None:
    row = row_of(summary(node(monitoring_paused=True)), now=NOW)

    assert row.reported is not None
    assert [kind for kind, _ in row.reported.strip.paths] == ["p"]


def test_a_customers_address() -> None:
    assert customer_path("Kovacs.Peter_1-a") == "/customers/Kovacs.Peter_1-a"


def test_who_has_taken_what_is_wrong_is_on_the_row_of_who_needs_attention() -> None:
    taken = [Taken("node_down", "", "kata", "on holiday", NOW - HOUR)]

    down, well = (row_of(summary(node(age)), now=NOW, taken=taken) for age in (2 * HOUR, timedelta()))

    assert down.acknowledged == [Acknowledgement("", "kata", "on holiday", NOW - HOUR)]
    assert well.acknowledged == []
