"""The operator is reminded of what stands, each time once."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from tests.build import NOW, make_customer
from tests.notify.alarms import DAY, HOUR, MINUTE, fall, hub_event, recover, told, wished
from tests.silences.silences import made

from felhom_hub.notify.gather import FEW, STANDING
from felhom_hub.notify.later import Telling, tell_later
from felhom_hub.notify.models import Alarm, Delivery
from felhom_hub.notify.remind import remind
from felhom_hub.silences.recurrence import Schedule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_mail(notifications: Callable[..., None]) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")


def reminders() -> list[Delivery]:
    rows = Delivery.objects.filter(audience="operator", result="queued").order_by("pk")
    return [row for row in rows if json.loads(row.inputs).get("later") == "reminder"]


def test_an_alarm_that_stands_is_reminded_of_again_and_again_each_time_once() -> None:
    fall(make_customer("a"))
    counts = [
        remind(NOW + moment, every=DAY)
        for moment in (DAY - MINUTE, DAY, DAY, DAY + HOUR, 2 * DAY - MINUTE, 2 * DAY, 2 * DAY + MINUTE)
    ]

    assert counts == [0, 1, 0, 0, 0, 1, 0]
    assert [row.at for row in reminders()] == [NOW + DAY, NOW + 2 * DAY]
    assert {json.loads(row.inputs)["since"] for row in reminders()} == {"2026-11-23T12:00:00.000Z"}


def test_what_is_over_is_not_reminded_of_and_its_recovery_is_told() -> None:
    customer = make_customer("a")
    fall(customer)
    remind(NOW + DAY, every=DAY)
    recover(customer, NOW + DAY + HOUR)

    assert remind(NOW + 3 * DAY, every=DAY) == 0
    assert [event_type for _, event_type, _ in told()] == ["node_down", "node_down", "node_recovered"]


def test_only_the_operator_is_reminded() -> None:
    fall(wished("a", "node_down"))
    remind(NOW + DAY, every=DAY)

    assert [each[1] for each in told("customer")] == ["node_down"]


def test_an_event_of_it_that_was_told_meanwhile_is_a_reminder_as_well() -> None:
    customer = make_customer("a")
    for days in (0, 1):
        hub_event(customer, "expected_backup_missed", "warning", at=NOW + days * DAY)

    assert [remind(NOW + DAY + moment, every=DAY) for moment in (HOUR, DAY - MINUTE, DAY)] == [0, 0, 1]


def test_what_is_acknowledged_is_not_reminded_of() -> None:
    fall(make_customer("a"))
    Alarm.objects.update(acknowledged_at=NOW + HOUR, acknowledged_by="kata")

    assert remind(NOW + 9 * DAY, every=DAY) == 0


def test_what_is_silenced_is_reminded_of_when_the_silence_ends() -> None:
    fall(make_customer("a"))
    made(schedule=Schedule(NOW, NOW + 2 * DAY))

    assert [remind(NOW + days * DAY, every=DAY) for days in (1, 1.5, 2)] == [0, 0, 1]


def test_what_was_held_back_and_not_told_yet_is_not_reminded_of() -> None:
    fall(make_customer("a"), incident=318)

    assert remind(NOW + DAY, every=DAY) == 0


def test_what_nothing_ends_is_not_reminded_of() -> None:
    hub_event(make_customer("a"), "fan_stuck", "error", at=NOW)

    assert remind(NOW + DAY, every=DAY) == 0


def test_an_incident_is_reminded_of() -> None:
    hub_event(None, "hub_incident_began", "error", at=NOW, incident=1)
    hub_event(None, "hub_incident_began", "error", at=NOW, incident=2)
    hub_event(None, "hub_incident_ended", "info", at=NOW + HOUR, incident=1)

    assert remind(NOW + DAY, every=DAY) == 1
    assert json.loads((reminders()[0].event or Delivery().event).details_json) == {"incident": 2}  # type: ignore[union-attr]


def test_many_reminders_are_one_message() -> None:
    for number in range(FEW + 1):
        fall(make_customer(f"c{number}"))

    assert remind(NOW + DAY, every=DAY) == FEW + 1
    assert told()[-1] == ("", STANDING, NOW + DAY)
    assert Delivery.objects.get(event_type=STANDING).gathered.count() == FEW + 1


def test_of_two_hubs_that_look_at_once_one_reminds(monkeypatch: pytest.MonkeyPatch) -> None:
    fall(make_customer("a"))

    def after_another(tellings: Sequence[Telling], *, now: datetime) -> int:
        monkeypatch.setattr("felhom_hub.notify.remind.tell_later", tell_later)
        assert remind(now, every=DAY) == 1
        return tell_later(tellings, now=now)

    monkeypatch.setattr("felhom_hub.notify.remind.tell_later", after_another)

    assert remind(NOW + DAY, every=DAY) == 0
    assert len(reminders()) == 1
