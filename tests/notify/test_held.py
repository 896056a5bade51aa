"""An alarm that was held back is told when nothing holds it back any more, once, and only while it stands."""

import json
from collections.abc import Callable
from functools import partial

import pytest
from tests.build import NOW, make_customer
from tests.notify.alarms import (
    HOUR,
    MINUTE,
    begin_incident,
    end_incident,
    fall,
    hub_event,
    reasons,
    recover,
    told,
    wished,
)
from tests.silences.silences import KATA, made
from tests.two_hubs import both_at_once

from felhom_hub.notify.gather import FEW, STANDING
from felhom_hub.notify.held import tell_held
from felhom_hub.notify.models import Alarm, Delivery, Told
from felhom_hub.silences.models import Silence
from felhom_hub.silences.record import end_silence
from felhom_hub.silences.recurrence import Schedule

pytestmark = pytest.mark.django_db

UNTIL = NOW + 2 * HOUR  # of the silences of these tests


@pytest.fixture(autouse=True)
def _with_mail(notifications: Callable[..., None]) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")


def test_a_server_that_is_silent_still_when_its_silence_ends_is_told_then_once() -> None:
    customer = wished("a", "node_down")
    number = made({customer.pk: "a"})
    fall(customer)
    assert (told(), told("customer")) == ([], [])

    assert [tell_held(UNTIL - MINUTE), tell_held(UNTIL), tell_held(UNTIL), tell_held(UNTIL + MINUTE)] == [0, 2, 0, 0]

    assert told() == [("a", "node_down", UNTIL)]
    assert told("customer") == [("a", "node_down", UNTIL)]
    assert reasons()[0] == ("node_down", "silenced: “House move” until 23 Nov 2026, 15:00")
    assert Silence.objects.get(pk=number).held_back == 2
    kept = json.loads(Delivery.objects.get(audience="operator", result="queued").inputs)
    assert (kept["later"], kept["since"], kept.get("held_back")) == ("held", "2026-11-23T12:00:00.000Z", None)


def test_its_recovery_is_told_to_whom_the_alarm_was_told_and_to_nobody_else() -> None:
    told_of, recovered = make_customer("a"), make_customer("b")
    made()
    fall(told_of)
    fall(recovered)
    recover(recovered, NOW + HOUR)
    tell_held(UNTIL)
    recover(told_of, UNTIL + HOUR)

    assert told() == [("a", "node_down", UNTIL), ("a", "node_recovered", UNTIL + HOUR)]
    assert not Alarm.objects.exists()


def test_an_alarm_that_was_told_has_its_recovery_told_within_a_silence() -> None:
    customer = make_customer("a")
    fall(customer)
    made(now=NOW + MINUTE)
    recover(customer, NOW + HOUR)

    assert [event_type for _, event_type, _ in told()] == ["node_down", "node_recovered"]


def test_what_was_told_before_the_silence_is_not_told_again_at_its_end() -> None:
    customer = make_customer("a")
    hub_event(customer, "backup_failed", "error", at=NOW - 24 * HOUR)
    made()
    hub_event(customer, "backup_failed", "error", at=NOW + HOUR)

    assert tell_held(UNTIL) == 0
    assert len(told()) == 1
    assert Told.objects.get(audience="operator").held_back == 1


def test_what_was_held_back_is_counted_and_told_with_the_next_message() -> None:
    customer = make_customer("a")
    made()
    for hours in (0, 0.5, 1):
        hub_event(customer, "backup_failed", "error", at=NOW + hours * HOUR)
    tell_held(UNTIL)

    (message,) = Delivery.objects.filter(audience="operator", result="queued")
    assert json.loads(message.inputs)["held_back"] == 2  # beside the one that it tells of
    assert Told.objects.get(audience="operator").held_back == 0


def test_a_silence_that_is_ended_early_holds_nothing_back_any_more() -> None:
    customer = make_customer("a")
    number = made()
    fall(customer)
    end_silence(number, now=NOW + HOUR, by=KATA)

    assert tell_held(NOW + HOUR) == 1


def test_a_second_silence_goes_on_holding_it_back() -> None:
    customer = make_customer("a")
    made()
    made(schedule=Schedule(NOW, UNTIL + HOUR))
    fall(customer)

    assert [tell_held(UNTIL), tell_held(UNTIL + HOUR)] == [0, 1]


def test_a_silence_for_the_operator_alone_leaves_the_customer_its_message() -> None:
    customer = wished("a", "node_down")
    made(is_for_customers=False)
    fall(customer)

    assert (told(), told("customer")) == ([], [("a", "node_down", NOW)])


def test_the_worse_alarm_is_told_in_place_of_the_other() -> None:
    customer = make_customer("a")
    made()
    hub_event(customer, "node_stale", "warning", at=NOW)
    fall(customer, NOW + HOUR)
    tell_held(UNTIL)

    assert told() == [("a", "node_down", UNTIL)]


def test_who_is_silent_still_when_an_incident_ends_is_told_alone() -> None:
    lasting, back = wished("a", "node_down"), wished("b", "node_down")
    incident = begin_incident([lasting, back])
    for customer in (lasting, back):
        fall(customer, NOW + MINUTE, incident=incident.pk)
    assert tell_held(NOW + HOUR) == 0

    recover(back, NOW + 2 * HOUR, incident=incident.pk)
    end_incident(incident, NOW + 3 * HOUR)
    counts = [tell_held(NOW + 3 * HOUR), tell_held(NOW + 3 * HOUR)]

    assert counts == [2, 0]
    at = NOW + 3 * HOUR
    assert told() == [("", "hub_incident_began", NOW), ("", "hub_incident_ended", at), ("a", "node_down", at)]
    assert told("customer") == [("a", "node_down", at)]


def test_an_incident_all_of_whose_servers_are_silenced_is_told_when_the_silence_ends_and_stands_for_them() -> None:
    customers = [make_customer(name, tags="digi") for name in "abc"]
    made(tag="digi", choices=("group:node",))
    incident = begin_incident(customers)
    for customer in customers:
        fall(customer, NOW + MINUTE, incident=incident.pk)
    assert told() == []

    assert [tell_held(UNTIL), tell_held(UNTIL + MINUTE)] == [1, 0]
    assert told() == [("", "hub_incident_began", UNTIL)]


def test_the_end_of_an_incident_that_nobody_was_told_of_is_not_told() -> None:
    customers = [make_customer(name, tags="digi") for name in "abc"]
    made(tag="digi")
    incident = begin_incident(customers)
    end_incident(incident, NOW + HOUR)

    assert told() == []
    assert reasons()[-1] == ("hub_incident_ended", "silenced: nobody was told of its beginning")
    assert tell_held(UNTIL) == 0


def test_a_server_that_joins_a_silenced_incident_without_a_silence_of_its_own_is_told_alone() -> None:
    customers, other = [make_customer(name, tags="digi") for name in "abc"], make_customer("d")
    made(tag="digi")
    incident = begin_incident(customers)
    fall(other, NOW + MINUTE, incident=incident.pk)

    assert told() == [("d", "node_down", NOW + MINUTE)]


def test_an_incident_with_a_server_that_is_not_silenced_is_told() -> None:
    customers = [make_customer("a", tags="digi"), make_customer("b")]
    made(tag="digi")
    begin_incident(customers)

    assert told() == [("", "hub_incident_began", NOW)]


def test_many_alarms_that_a_silence_held_back_are_one_message() -> None:
    customers = [make_customer(f"c{number}") for number in range(FEW + 1)]
    made()
    for customer in customers:
        fall(customer)

    assert tell_held(UNTIL) == FEW + 1
    assert told() == [("", STANDING, UNTIL)]
    summary = Delivery.objects.get(event_type=STANDING)
    assert summary.gathered.count() == FEW + 1
    assert Told.objects.filter(audience="operator", is_alarmed=True).count() == FEW + 1


def test_few_are_told_one_by_one() -> None:
    for number in range(FEW):
        customer = make_customer(f"c{number}")
        made({customer.pk: customer.customer_id})
        fall(customer)

    assert tell_held(UNTIL) == FEW
    assert len(told()) == FEW


def test_who_is_blocked_meanwhile_is_not_told_of() -> None:
    customer = make_customer("a")
    made()
    fall(customer)
    type(customer).objects.filter(pk=customer.pk).update(blocked_at=NOW)

    assert tell_held(UNTIL) == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_hubs_that_look_at_once_one_tells() -> None:
    for name in "ab":
        fall(make_customer(name), incident=7)  # of an incident that is over
    incident = begin_incident([make_customer("c")])
    Alarm.objects.filter(which=str(incident.pk)).update(operator_waits=True)
    Delivery.objects.all().delete()

    both_at_once(partial(tell_held, UNTIL), partial(tell_held, UNTIL))

    assert sorted(told()) == [("", "hub_incident_began", UNTIL), ("a", "node_down", UNTIL), ("b", "node_down", UNTIL)]
    assert {state.told_at for state in Told.objects.filter(audience="operator", event_type="node_down")} == {UNTIL}
