from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_customer
from tests.notify.alarms import HOUR, begin_incident, end_incident, fall, hub_event, recover

from felhom_hub.base.db import Db
from felhom_hub.notify.acknowledge import acknowledge
from felhom_hub.notify.models import Alarm
from felhom_hub.notify.taken import Taken, Takings, read_takings, untaken_incidents
from felhom_hub.operators.audit import Actor

pytestmark = pytest.mark.django_db

KATA = Actor("kata")


@pytest.fixture(autouse=True)
def _with_mail(notifications: Callable[..., None]) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")


def take(event_type: str, note: str = "") -> None:
    acknowledge(Alarm.objects.get(event_type=event_type).pk, note, now=NOW + HOUR, by=KATA)


def test_of_each_asked_customer_what_was_taken_is_known() -> None:
    one, other, unasked = (make_customer(name) for name in "abc")
    hub_event(one, "backup_failed", "error", at=NOW)
    fall(one, NOW + HOUR)
    hub_event(one, "update_failed", "error", at=NOW - HOUR)
    fall(other)
    hub_event(unasked, "health_degraded", "warning", at=NOW)
    take("backup_failed", "a new drive is ordered")
    take("update_failed")
    take("health_degraded")

    assert read_takings([one.pk, other.pk]) == Takings(
        {
            one.pk: [
                Taken("update_failed", "", "kata", "", NOW + HOUR),
                Taken("backup_failed", "", "kata", "a new drive is ordered", NOW + HOUR),
            ]
        },
        untaken_incidents=0,
    )


def test_whose_incident_was_taken_is_taken_with_it_until_it_is_over() -> None:
    one, other = make_customer("a"), make_customer("b")
    incident = begin_incident([one])
    fall(one, incident=incident.pk)
    fall(other)
    take("hub_incident_began", "rolling back")

    taken = Taken("node_down", str(incident.pk), "kata", "rolling back", NOW + HOUR)
    assert read_takings([one.pk, other.pk]) == Takings({one.pk: [taken]}, untaken_incidents=0)
    end_incident(incident, NOW + HOUR)
    assert read_takings([one.pk, other.pk]) == Takings({}, untaken_incidents=0)


def test_an_acknowledgement_ends_with_its_alarm() -> None:
    customer = make_customer("a")
    fall(customer)
    take("node_down")
    assert list(read_takings([customer.pk]).of) == [customer.pk]
    recover(customer, NOW + HOUR)

    assert read_takings([customer.pk]).of == {}


def test_open_incidents_are_counted_until_somebody_takes_them(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for name in "abc":
        incident = begin_incident([make_customer(name)])
    fall(make_customer("d"))
    end_incident(incident, NOW + HOUR)
    assert (read_takings([]).untaken_incidents, untaken_incidents()) == (2, 2)
    acknowledge(Alarm.objects.filter(subject=0)[0].pk, "", now=NOW, by=KATA)

    with django_assert_num_queries(1):
        assert untaken_incidents() == 1
    assert read_takings([]).untaken_incidents == 1


@pytest.mark.parametrize("customers", [0, 1, 300])
def test_one_statement_asks_for_all(monkeypatch: pytest.MonkeyPatch, customers: int) -> None:
    asked = []
    select = Db.select

    def counted(*args: object, **options: object) -> object:
        asked.append(options["values"])
        return select(*args, **options)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(Db, "select", counted)

    read_takings(range(1, customers + 1))

    assert asked == [list(range(customers + 1))]
