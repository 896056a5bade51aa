from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_customer
from tests.notify.alarms import HOUR, begin_incident, fall, hub_event

from felhom_hub.notify.acknowledge import acknowledge
from felhom_hub.notify.alarm_queries import alarms_of, alarms_of_incidents, page_of
from felhom_hub.notify.models import Alarm
from felhom_hub.operators.audit import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_mail(notifications: Callable[..., None]) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")


def test_a_customers_alarms_come_longest_standing_first(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    customer, other = make_customer("a"), make_customer("b")
    hub_event(customer, "backup_failed", "error", at=NOW + HOUR)
    hub_event(customer, "node_stale", "warning", at=NOW, incident=318)
    fall(other)
    acknowledge(Alarm.objects.get(event_type="backup_failed").pk, "ordered", now=NOW + HOUR, by=Actor("kata"))

    with django_assert_num_queries(1):
        stale, failed = alarms_of(customer.pk)
    assert (stale.label, stale.tone, stale.since_at, stale.incident, stale.is_held) == (
        "Reports are late", "warn", NOW, "318", True,
    )  # fmt: skip
    assert (failed.label, failed.tone, failed.acknowledged_by, failed.note, failed.is_held) == (
        "Backup failed", "down", "kata", "ordered", False,
    )  # fmt: skip


def test_incidents_have_the_alarms_that_they_are() -> None:
    one, other = (begin_incident([make_customer(name)]) for name in "ab")
    hub_event(None, "hub_incident_ended", "info", at=NOW, incident=other.pk)

    found = alarms_of_incidents([one.pk, other.pk])
    assert {number: alarm.which for number, alarm in found.items()} == {one.pk: str(one.pk)}


def test_an_alarm_is_shown_with_its_customer_or_its_incident() -> None:
    customer = make_customer("a")
    incident = begin_incident([customer])
    fall(customer)
    pages = {page_of(number) for number in Alarm.objects.values_list("pk", flat=True)}

    assert pages == {"/customers/a#alarms", f"/incidents/{incident.pk}#taken"}
    assert page_of(10**9) == "/events"
