from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.backups.models import OwnAlarm
from felhom_hub.backups.own_alarms import FAILED, FILLING, MISSED, end_alarm, raise_alarm
from felhom_hub.events.models import Event

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def told() -> list[tuple[str, str, str]]:
    return list(Event.objects.order_by("pk").values_list("event_type", "severity", "message"))


def test_an_alarm_is_told_once_and_so_is_its_end() -> None:
    assert raise_alarm("backup", MISSED, "It is late.", now=NOW)
    assert not raise_alarm("backup", MISSED, "It is later.", now=NOW + HOUR)
    assert end_alarm("backup", "It is there.", now=NOW + 2 * HOUR)
    assert not end_alarm("backup", "It is still there.", now=NOW + 3 * HOUR)
    assert raise_alarm("backup", MISSED, "It is late again.", now=NOW + 4 * HOUR)

    assert told() == [
        ("hub_backup_missed", "error", "It is late."),
        ("hub_backup_done", "info", "It is there."),
        ("hub_backup_missed", "error", "It is late again."),
    ]
    assert Event.objects.filter(customer=None, source="hub").count() == 3


def test_why_it_is_late_is_told_when_it_is_known() -> None:
    raise_alarm("backup", MISSED, "It is late.", now=NOW)
    raise_alarm("backup", FAILED, "The disk is full.", now=NOW + HOUR)

    assert [event for event, _, _ in told()] == ["hub_backup_missed", "hub_backup_failed"]


def test_backup_and_volume_know_nothing_of_each_other() -> None:
    raise_alarm("backup", FAILED, "The disk is full.", now=NOW)
    raise_alarm("volume", FILLING, "It fills up.", now=NOW + HOUR)
    end_alarm("backup", "It is there.", now=NOW + 2 * HOUR)

    assert sorted(OwnAlarm.objects.values_list("name", "event_type", "since_at")) == [
        ("backup", "", NOW + 2 * HOUR),
        ("volume", "hub_volume_filling", NOW + HOUR),
    ]
