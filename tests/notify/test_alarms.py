from collections.abc import Callable

import pytest
from django.db import transaction
from tests.build import NOW, make_customer
from tests.notify.alarms import HOUR, fall, hub_event, recover

from felhom_hub.base.db import Db
from felhom_hub.events.models import Event
from felhom_hub.notify.alarms import read_alarms, write_alarms
from felhom_hub.notify.models import Alarm
from felhom_hub.notify.policy import Audience
from felhom_hub.notify.standing import Standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_mail(notifications: Callable[..., None]) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")


def test_alarms_are_read_as_they_were_written_and_gone_when_they_are_over() -> None:
    customer = make_customer("a")
    fall(customer, incident=318)
    event = Event.objects.get()
    key = (customer.pk, "node_down", "")

    (found,) = read_alarms(Db(), [customer.pk, 0]).items()
    pk = Alarm.objects.get().pk
    waiting: frozenset[Audience] = frozenset(("operator",))  # the customer has not asked for it
    assert found == (key, Standing(pk, event.pk, NOW, "318", waiting))
    assert read_alarms(Db(), [0]) == {}

    with transaction.atomic():
        write_alarms(Db(), {key: found[1]}, {})
    assert not Alarm.objects.exists()


def test_an_acknowledgement_survives_the_next_event_of_the_alarm() -> None:
    customer = make_customer("a")
    hub_event(customer, "backup_failed", "error", at=NOW)
    Alarm.objects.update(acknowledged_at=NOW, acknowledged_by="kata", note="new drive is ordered", reminded_at=NOW)
    hub_event(customer, "backup_failed", "error", at=NOW + HOUR)

    alarm = Alarm.objects.select_related("event").get()
    assert (alarm.acknowledged_at, alarm.acknowledged_by, alarm.note, alarm.reminded_at) == (
        NOW, "kata", "new drive is ordered", NOW,
    )  # fmt: skip
    assert (alarm.since_at, alarm.event.created_at) == (NOW, NOW + HOUR)


def test_each_incident_is_an_alarm_of_its_own() -> None:
    for incident in (1, 2):
        hub_event(None, "hub_incident_began", "error", at=NOW, incident=incident)
    hub_event(None, "hub_incident_ended", "info", at=NOW + HOUR, incident=1)

    assert list(Alarm.objects.values_list("subject", "which")) == [(0, "2")]


def test_a_recovery_ends_the_alarms_of_its_customer_alone() -> None:
    one, other = make_customer("a"), make_customer("b")
    for customer in (one, other):
        fall(customer)
        hub_event(customer, "backup_failed", "error", at=NOW)
    recover(one, NOW + HOUR)

    assert sorted(Alarm.objects.values_list("subject", "event_type")) == [
        (one.pk, "backup_failed"),
        (other.pk, "backup_failed"),
        (other.pk, "node_down"),
    ]
