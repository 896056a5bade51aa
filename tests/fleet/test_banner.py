from datetime import timedelta
from typing import Any

import pytest
from tests.fleet.summaries import NOW, node, summary

from felhom_hub.fleet.acknowledged import Acknowledgement
from felhom_hub.fleet.backups import Backup
from felhom_hub.fleet.banner import Banner, Reason, banner_of, section_of
from felhom_hub.fleet.looks import LOOKS
from felhom_hub.notify.taken import Taken
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import Summary

SECTIONS = frozenset({"system", "reports", "storage", "containers", "backups"})
LATE = Backup("App backup", NOW - timedelta(days=3), is_overdue=True, is_ok=True, is_old=False)


def banner(of: Summary, **members: Any) -> Banner | None:
    plain: dict[str, Any] = {"backups": (), "sections": SECTIONS, "phone": "", "silent_slots": 0}
    return banner_of(of, **{**plain, **members})


def test_all_well_needs_no_banner() -> None:
    assert banner(summary(node())) is None


def test_a_warning_lists_its_reasons_in_order_with_where_to_look() -> None:
    since = NOW - timedelta(hours=5)
    messages = ("drive hdd1 is 91 % full", "Nextcloud is restarting in a loop")

    found = banner(summary(node(health="warn", health_since_at=since, health_messages=messages)), backups=(LATE,))

    assert found == Banner(
        LOOKS[Status.WARN],
        "Warning for",
        since,
        "because of 3 things",
        [
            Reason("drive hdd1 is 91 % full", section="storage"),
            Reason("Nextcloud is restarting in a loop", section="containers"),
            Reason("App backup is overdue", hint="It is expected every night.", section="backups"),
        ],
    )


def test_a_backup_that_the_controller_speaks_of_is_not_said_twice() -> None:
    found = banner(summary(node(health="fail", health_messages=("last backup failed: no space",))), backups=(LATE,))

    assert found is not None
    assert (found.headline, found.sub) == ("Health check has been failing for", "")
    assert [reason.section for reason in found.reasons] == ["backups"]


def test_a_controller_that_gives_no_reason_is_not_left_without_one() -> None:
    found = banner(summary(node(health="fail")))

    assert found is not None
    assert [reason.fact for reason in found.reasons] == ["The controller gives no reason"]


def test_silence_after_a_healthy_report_points_to_the_site() -> None:
    age = timedelta(minutes=134)

    found = banner(summary(node(age)), phone="+36 36 555 014", silent_slots=9)

    assert found == Banner(
        LOOKS[Status.DOWN],
        "No report for",
        NOW - age,
        "9 reports missed",
        [
            Reason(
                "The last report was healthy",
                hint="That points to power or internet at the site, not to the server itself.",
                section="system",
            ),
            Reason("Next: call the customer", ", +36 36 555 014"),
        ],
    )


@pytest.mark.parametrize(
    ("health", "messages", "reason"),
    [
        (
            "fail",
            ("drive hdd1 is read-only",),
            Reason(
                "The last report had a failed health check",
                ": drive hdd1 is read-only",
                "That may be the cause.",
                "system",
            ),
        ),
        ("warn", (), Reason("The last report had a warning", ": no reason given", "That may be the cause.", "system")),
        (None, (), Reason("The last report said nothing about health", section="system")),
    ],
)
def test_silence_tells_what_the_last_report_said(health: str | None, messages: tuple[str, ...], reason: Reason) -> None:
    found = banner(summary(node(timedelta(hours=3), health=health, health_messages=messages)), silent_slots=11)

    assert found is not None
    assert found.reasons == [reason]


@pytest.mark.parametrize(
    ("slots", "sub"), [(0, ""), (1, "1 report missed"), (95, "95 reports missed"), (96, "none in the last 24 h")]
)
def test_missed_reports_are_counted_within_the_day(slots: int, sub: str) -> None:
    found = banner(summary(node(timedelta(minutes=45))), silent_slots=slots)

    assert found is not None
    assert (found.sub, found.reasons[0].fact) == (sub, "Becomes DOWN in 15 min")


@pytest.mark.parametrize(
    ("of", "status", "headline"),
    [
        (summary(), Status.PENDING, "Waiting for the first report"),
        (summary(node(monitoring_paused=True)), Status.DISABLED, "Monitoring is paused"),
        (summary(node(), blocked_at=NOW - timedelta(days=10)), Status.BLOCKED, "Blocked for"),
    ],
)
def test_what_is_not_expected_to_report_says_so(of: Summary, status: Status, headline: str) -> None:
    found = banner(of)

    assert found is not None
    assert (found.look, found.headline, found.reasons) == (LOOKS[status], headline, [])
    assert found.text


@pytest.mark.parametrize(
    ("message", "section"),
    [
        ("last backup failed: the repository cannot be written", "backups"),
        ("Restic stopped", "backups"),
        ("Immich uses 96 % of its memory limit", "containers"),
        ("drive hdd1 is read-only, Immich cannot write", "storage"),
        ("CPU temperature is over 80 °C, check the fan", "system"),
        ("something else", ""),
    ],
)
def test_a_sentence_leads_to_its_section(message: str, section: str) -> None:
    assert section_of(message, SECTIONS) == section
    assert section_of(message, frozenset()) == ""


def test_who_has_taken_it_is_said_where_there_is_a_banner() -> None:
    taken = [Taken("backup_failed", "", "kata", "", NOW), Taken("node_down", "7", "jani", "on it", NOW)]

    silent = banner(summary(node(timedelta(minutes=134))), taken=taken)

    assert silent is not None
    assert silent.acknowledged == [
        Acknowledgement("incident 7", "jani", "on it", NOW),
        Acknowledgement("Backup failed:", "kata", "", NOW),
    ]
    assert banner(summary(node()), taken=taken) is None
