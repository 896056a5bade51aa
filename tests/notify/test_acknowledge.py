from collections.abc import Callable

import pytest
from tests.build import NOW, make_customer
from tests.notify.alarms import DAY, HOUR, begin_incident, fall, hub_event, reasons, recover, told

from felhom_hub.base.errors import NotFound
from felhom_hub.notify.acknowledge import MAX_NOTE, acknowledge, take_back
from felhom_hub.notify.models import Alarm
from felhom_hub.notify.remind import remind
from felhom_hub.operators.audit import Actor
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

KATA, BENCE = Actor("kata"), Actor("bence")


@pytest.fixture(autouse=True)
def _with_mail(notifications: Callable[..., None]) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")


def audit() -> list[tuple[str, str, str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("actor", "action", "customer_id", "detail"))


def test_an_acknowledged_alarm_is_told_no_more_until_it_is_over_and_its_end_is_told() -> None:
    customer = make_customer("a")
    hub_event(customer, "expected_backup_missed", "warning", at=NOW)
    assert acknowledge(Alarm.objects.get().pk, "new drive is ordered", now=NOW + HOUR, by=KATA)

    hub_event(customer, "expected_backup_missed", "warning", at=NOW + DAY)
    assert remind(NOW + 5 * DAY, every=DAY) == 0
    hub_event(customer, "backup_completed", "info", at=NOW + 6 * DAY)
    hub_event(customer, "expected_backup_missed", "warning", at=NOW + 7 * DAY)

    assert reasons() == [
        ("expected_backup_missed", ""),
        ("expected_backup_missed", "acknowledged by kata"),
        ("backup_completed", ""),
        ("expected_backup_missed", ""),
    ]
    assert audit() == [("kata", "alarm_acknowledged", "a", "Backup missed: new drive is ordered")]


def test_the_worse_alarm_is_another_one_and_is_told() -> None:
    customer = make_customer("a")
    hub_event(customer, "node_stale", "warning", at=NOW)
    acknowledge(Alarm.objects.get().pk, "", now=NOW, by=KATA)
    fall(customer, NOW + HOUR)
    recover(customer, NOW + 2 * HOUR)

    assert [event_type for _, event_type, _ in told()] == ["node_stale", "node_down", "node_recovered"]


def test_of_two_who_acknowledge_the_first_one_counts() -> None:
    fall(make_customer("a"))
    number = Alarm.objects.get().pk

    assert [acknowledge(number, "mine", now=NOW, by=KATA), acknowledge(number, "", now=NOW, by=BENCE)] == [True, False]
    alarm = Alarm.objects.get()
    assert (alarm.acknowledged_by, alarm.note, alarm.acknowledged_at) == ("kata", "mine", NOW)
    assert len(audit()) == 1


def test_what_was_taken_back_is_reminded_of_again() -> None:
    fall(make_customer("a"))
    number = Alarm.objects.get().pk
    acknowledge(number, "so", now=NOW, by=KATA)

    assert [take_back(number, now=NOW, by=BENCE), take_back(number, now=NOW, by=BENCE)] == [True, False]
    assert remind(NOW + DAY, every=DAY) == 1
    alarm = Alarm.objects.get()
    assert (alarm.acknowledged_at, alarm.acknowledged_by, alarm.note) == (None, "", "")
    assert audit()[1:] == [("bence", "acknowledgement_taken_back", "a", "Node is silent")]


def test_an_incident_is_acknowledged_by_its_number() -> None:
    incident = begin_incident([make_customer("a")])
    acknowledge(Alarm.objects.get(which=str(incident.pk)).pk, "", now=NOW, by=KATA)

    assert audit() == [("kata", "alarm_acknowledged", "", f"incident {incident.pk}")]
    assert remind(NOW + 9 * DAY, every=DAY) == 0


def test_a_note_is_one_line() -> None:
    fall(make_customer("a"))
    acknowledge(Alarm.objects.get().pk, " called\r\nhim \u202e" + "x" * 300, now=NOW, by=KATA)

    note = Alarm.objects.get().note
    assert note.startswith("called him \ufffdx")
    assert len(note) == MAX_NOTE


@pytest.mark.parametrize("number", [0, 7, 2**63])
def test_an_alarm_that_is_over_cannot_be_acknowledged(number: int) -> None:
    with pytest.raises(NotFound, match="This alarm is over"):
        acknowledge(number, "", now=NOW, by=KATA)
    with pytest.raises(NotFound, match="This alarm is over"):
        take_back(number, now=NOW, by=KATA)
