"""Alarms that no event ends: they stand, are told again once they have passed, and take their acknowledgement along."""

from datetime import timedelta

import pytest
from tests.build import NOW, make_customer
from tests.notify.alarms import DAY, HOUR, hub_event, told, wished

from felhom_hub.customers.models import Customer
from felhom_hub.notify.let_pass import let_pass, passing_alarms
from felhom_hub.notify.models import Alarm, Told
from felhom_hub.notify.passing import Passing
from felhom_hub.notify.remind import remind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("resend")]


def warn(customer: Customer, event_type: str = "disk_warning", hours: float = 0) -> None:
    hub_event(customer, event_type, "warning", at=NOW + hours * HOUR)


def passing(now: timedelta = DAY) -> list[Passing]:
    return passing_alarms(NOW + now)


def test_it_stands_by_its_newest_event_until_it_has_passed() -> None:
    customer = wished("a", "disk_warning")
    warn(customer)
    warn(customer, hours=9)
    (alarm,) = passing()
    assert (alarm.subject, alarm.event_type, alarm.last_at) == (customer.pk, "disk_warning", NOW + 9 * HOUR)

    assert let_pass([alarm], now=NOW + DAY) == 1

    assert not Alarm.objects.exists()
    assert not Told.objects.filter(is_alarmed=True).exists()
    assert len(told()) == 2  # its end is not told
    assert let_pass([alarm], now=NOW + DAY) == 0


def test_what_came_again_meanwhile_stands() -> None:
    customer = make_customer("a")
    warn(customer)
    (alarm,) = passing()
    warn(customer, hours=24)

    assert let_pass([alarm], now=NOW + DAY) == 0
    assert Alarm.objects.get().since_at == NOW


def test_a_drive_that_is_nearly_full_tells_of_one_that_fills_up() -> None:
    customer = make_customer("a")
    warn(customer)
    hub_event(customer, "disk_critical", "error", at=NOW + HOUR)
    (alarm,) = passing()
    assert alarm.event_type == "disk_critical"

    let_pass([alarm], now=NOW + DAY)
    assert not Told.objects.filter(is_alarmed=True).exists()


def test_it_can_be_acknowledged_until_it_has_passed_and_the_next_one_is_told() -> None:
    customer = make_customer("a")
    warn(customer)
    Alarm.objects.update(acknowledged_at=NOW, acknowledged_by="kata")
    warn(customer, hours=9)
    assert len(told()) == 1

    let_pass(passing(), now=NOW + DAY)
    warn(customer, hours=30)

    assert len(told()) == 2


def test_the_operator_is_reminded_of_a_drive_and_not_of_what_has_not_come_again() -> None:
    customer = make_customer("a")
    warn(customer)
    warn(customer, "container_unhealthy")

    assert remind(NOW + DAY, every=DAY) == 1
    assert [event_type for _, event_type, _ in told()] == ["disk_warning", "container_unhealthy", "disk_warning"]


def test_after_a_clock_that_was_ahead_it_counts_from_when_it_was_set_right() -> None:
    warn(make_customer("a"), hours=999)
    Alarm.objects.update(since_at=NOW)

    assert [each.last_at for each in passing()] == [NOW]
