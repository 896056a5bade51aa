import json
from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.base.instants import to_milliseconds
from felhom_hub.customers.models import Customer
from felhom_hub.notify.models import Preferences
from felhom_hub.reports.models import NodeState
from felhom_hub.simulation.fleet import CUSTOMERS_TOLD_ONE_OF, customer_id_of, make_fleet, number_of, report_of


def test_a_node_has_a_name_and_the_name_its_number() -> None:
    assert [number_of(customer_id_of(number)) for number in (0, 7, 12_345)] == [0, 7, 12_345]


def test_a_report_says_by_the_boxs_own_clock_when_it_was_made() -> None:
    report = report_of(7, made_at=NOW, received_at=NOW + timedelta(hours=1))

    assert (report.facts.customer_id, report.received_at) == ("node-00007", NOW + timedelta(hours=1))
    assert json.loads(report.body)["timestamp"] == "2026-11-23T12:00:00.000Z"


@pytest.mark.django_db
def test_every_node_is_a_customer_that_was_heard_and_some_want_to_be_told() -> None:
    begin = to_milliseconds(NOW)
    count = CUSTOMERS_TOLD_ONE_OF + 1
    pks = make_fleet([begin + number for number in range(count)])

    names = dict(Customer.objects.values_list("pk", "customer_id"))
    assert [names[pk] for pk in pks] == [customer_id_of(number) for number in range(count)]
    heard = dict(NodeState.objects.values_list("customer_id", "last_received_at"))
    assert [to_milliseconds(heard[pk]) for pk in pks] == [begin + number for number in range(count)]
    told = Preferences.objects.values_list("customer__customer_id", "email")
    assert sorted(told) == [(customer_id_of(each), f"{customer_id_of(each)}@example.hu") for each in (0, count - 1)]
