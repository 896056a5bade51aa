from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import transaction
from tests.build import NOW, make_customer
from tests.notify.alarms import DAY, HOUR, begin_incident, hub_event, reasons, told, wished
from tests.silences.silences import made

from felhom_hub.base.db import Db
from felhom_hub.events.consequences import RecordedEvent
from felhom_hub.notify.basis import alarm_key, inputs_of, later_inputs, read_basis
from felhom_hub.notify.models import Alarm
from felhom_hub.notify.policy import Audience
from felhom_hub.silences.recurrence import Schedule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_mail(notifications: Callable[..., None]) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")


def event(customer_pk: int | None, event_type: str = "node_down", details: str = "") -> RecordedEvent:
    return RecordedEvent(7, customer_pk, event_type, "error", "", details, "hub", NOW)


def silenced(customer_pk: int | None, event_type: str, audience: Audience = "operator", details: str = "") -> str:
    with transaction.atomic():
        basis = read_basis(Db(), {customer_pk} if customer_pk else set(), at=NOW)
    return inputs_of(basis, event(customer_pk, event_type, details), audience, is_notice=False).silenced


def test_a_silence_covers_by_customer_tag_type_and_audience() -> None:
    named, tagged, other = make_customer("a"), make_customer("b", tags="telekom, digi"), make_customer("c", tags="dig")
    made({named.pk: "a"}, why="named")
    made(tag="digi", choices=("group:node",), is_for_customers=False, why="tagged")

    until = "until 23 Nov 2026, 15:00"
    assert [silenced(each.pk, "node_down") for each in (named, tagged, other)] == [
        f"“named” {until}", f"“tagged” {until}", "",
    ]  # fmt: skip
    assert [silenced(each.pk, "backup_failed") for each in (named, tagged)] == [f"“named” {until}", ""]
    assert [silenced(each.pk, "node_down", "customer") for each in (named, tagged)] == [f"“named” {until}", ""]
    assert silenced(None, "hub_deaf") == ""


def test_a_silence_for_all_covers_the_hubs_own_events() -> None:
    made(choices=("hub_deaf",))

    assert silenced(None, "hub_deaf") == "“House move” until 23 Nov 2026, 15:00"
    assert silenced(None, "hub_alarm_test") == ""


def test_a_silence_that_comes_or_is_over_covers_nothing() -> None:
    customer = make_customer("a")
    made(schedule=Schedule(NOW + HOUR, None))
    made(schedule=Schedule(NOW - HOUR, NOW))

    assert silenced(customer.pk, "node_down") == ""


def test_what_is_acknowledged_holds_back_the_operators_messages_alone() -> None:
    customer = wished("a", "backup_failed")
    hub_event(customer, "backup_failed", "error", at=NOW)
    Alarm.objects.update(acknowledged_at=NOW, acknowledged_by="kata")
    hub_event(customer, "backup_failed", "error", at=NOW + DAY)
    hub_event(customer, "backup_completed", "info", at=NOW + 2 * DAY)
    hub_event(customer, "backup_failed", "error", at=NOW + 3 * DAY)

    assert reasons() == [
        ("backup_failed", ""),
        ("backup_failed", "acknowledged by kata"),
        ("backup_completed", ""),
        ("backup_failed", ""),
    ]
    assert [event_type for _, event_type, _ in told("customer")] == [
        "backup_failed", "backup_failed", "backup_completed", "backup_failed",
    ]  # fmt: skip


def test_an_incident_holds_its_nodes_back_while_it_is_open_and_was_told() -> None:
    customer = make_customer("a")
    incident = begin_incident([customer])
    of_node = event(customer.pk, details=f'{{"incident": {incident.pk}}}')

    def held(audience: Audience) -> tuple[str, str]:
        with transaction.atomic():
            basis = read_basis(Db(), {customer.pk}, at=NOW)
        new = inputs_of(basis, of_node, audience, is_notice=False)
        return new.incident, later_inputs(basis, of_node, audience, now=NOW).incident

    number = str(incident.pk)
    assert (held("operator"), held("customer")) == ((number, number), (number, number))
    Alarm.objects.update(operator_waits=True)  # nobody was told
    assert (held("operator"), held("customer")) == (("", ""), (number, number))
    Alarm.objects.all().delete()  # it has ended: an event that comes just then is held back, and told alone later
    assert (held("operator"), held("customer")) == ((number, ""), (number, ""))


def test_every_incident_is_an_alarm_of_its_own_and_a_node_has_one_of_a_type() -> None:
    assert alarm_key(event(None, "hub_incident_began", '{"incident": 3}')) == (0, "hub_incident_began", "3")
    assert alarm_key(event(5, details='{"incident": 3}')) == (5, "node_down", "")


def test_the_zone_is_the_hubs() -> None:
    assert read_basis(Db(), set(), at=NOW).zone == settings.HUB.server.time_zone
