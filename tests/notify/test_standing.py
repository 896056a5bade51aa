from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.notify.policy import SEND, Decision
from felhom_hub.notify.standing import Standing, ended_by, standing_after, stands, waits_after

SILENCED, COOLING, IN_INCIDENT = Decision("silenced", "so"), Decision("cooldown", "so"), Decision("incident", "so")


def test_an_alarm_stands_that_another_event_can_end_or_that_passes() -> None:
    standing = {name for name, entry in CATALOGUE.items() if stands(name, entry.default_severity)}

    assert standing == {
        "node_stale", "node_down", "node_unsteady", "expected_backup_missed", "expected_dbdump_missed", "backup_failed",
        "db_dump_failed", "integrity_check_failed", "crossdrive_backup_failed", "storage_disconnected",
        "health_degraded", "update_failed", "hub_incident_began", "disk_warning", "disk_critical", "temperature_high",
        "container_unhealthy", "recovery_degraded", "hub_backup_missed", "hub_backup_failed", "hub_volume_filling",
    }  # fmt: skip


def test_what_a_box_calls_mere_news_does_not_stand() -> None:
    assert not stands("backup_failed", "info")


def test_the_worse_alarm_takes_the_place_of_the_other() -> None:
    assert ended_by("node_down") == {"node_stale"}
    assert ended_by("node_recovered") == {"node_down", "node_stale"}
    assert ended_by("disk_critical") == {"disk_warning"}
    assert ended_by("temperature_high") == frozenset()


@pytest.mark.parametrize(
    ("decision", "was_waiting", "was_told", "expected"),
    [
        (SEND, False, False, False),
        (SEND, True, False, False),
        (SILENCED, False, False, True),
        (IN_INCIDENT, False, False, True),
        (SILENCED, False, True, False),  # it was told before: what is held now is a repetition
        (COOLING, False, False, False),
        (COOLING, True, False, True),  # an earlier event of it was held, and nobody has been told since
    ],
)
def test_who_still_has_to_be_told(decision: Decision, was_waiting: bool, was_told: bool, expected: bool) -> None:
    assert waits_after(decision, was_waiting=was_waiting, was_told=was_told) is expected


def test_an_alarm_stands_since_its_first_event_and_speaks_by_its_newest() -> None:
    first = standing_after(None, 7, NOW, incident="", waiting=frozenset(("operator",)))
    assert first == Standing(None, 7, NOW, "", frozenset(("operator",)))

    acknowledged = Standing(3, 7, NOW, "", frozenset(), "kata")
    after = standing_after(acknowledged, 9, NOW + timedelta(days=1), incident="318", waiting=frozenset())
    assert after == Standing(3, 9, NOW, "318", frozenset(), "kata")
