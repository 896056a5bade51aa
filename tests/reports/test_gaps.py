from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, incoming, make_customer, record

from felhom_hub.customers.models import Customer
from felhom_hub.reports.gaps import report_gaps

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LONG = 35 * MINUTE


def at(minutes: int) -> object:
    return NOW - minutes * MINUTE


def test_silences_are_found_in_the_order_of_time(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    record([incoming("a", received_at=NOW - minutes * MINUTE) for minutes in (5, 200, 20, 100, 55, 90, 9000)])
    record([incoming("b", received_at=NOW - 150 * MINUTE)])
    pk = Customer.objects.get(customer_id="a").pk

    with django_assert_num_queries(1):
        found = report_gaps(pk, since=NOW - DAY, longer_than=LONG)

    # 35 minutes, as between 90 and 55, are not longer than that.
    assert found == [(at(200), at(100))]
    assert report_gaps(pk, since=NOW - DAY, longer_than=LONG - MINUTE) == [
        (at(200), at(100)),
        (at(90), at(55)),
        (at(55), at(20)),
    ]


def test_one_report_or_none_has_no_gap() -> None:
    record([incoming("a")])

    assert report_gaps(Customer.objects.get().pk, since=NOW - DAY, longer_than=LONG) == []
    assert report_gaps(make_customer("b").pk, since=NOW - DAY, longer_than=LONG) == []
