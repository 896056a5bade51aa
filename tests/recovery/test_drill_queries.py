from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_customer
from tests.doors import managed_customer

from felhom_hub.customers.block import block_customer
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.recovery.drill import SCHEDULE, record_drill
from felhom_hub.recovery.drill_outcome import Outcome, Result
from felhom_hub.recovery.drill_queries import (
    FleetDrills,
    drillable_customers,
    drills_of,
    due_customers,
    fleet_drills,
    last_drill,
    last_drill_of,
    last_drills_of,
)

pytestmark = pytest.mark.django_db

SPAN = timedelta(days=90)


def drilled(customer_id: str, at: datetime, result: Result = Result.PASSED) -> None:
    customer = Customer.objects.get(customer_id=customer_id)
    record_drill(customer, Outcome(result), started_at=at, took=timedelta(seconds=1), by=SCHEDULE)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def test_a_customers_drills_are_its_own_newest_first() -> None:
    make_customer("kiss"), make_customer("nagy")
    drilled("nagy", days_ago(2))
    drilled("nagy", days_ago(1))
    drilled("kiss", days_ago(0))
    nagy, kiss = Customer.objects.get(customer_id="nagy").pk, Customer.objects.get(customer_id="kiss").pk

    assert [drill.started_at for drill in drills_of(nagy)] == [days_ago(1), days_ago(2)]
    assert [drill.started_at for drill in drills_of(nagy, limit=1)] == [days_ago(1)]
    assert (last := last_drill_of(nagy)) is not None
    assert last.started_at == days_ago(1)
    assert last_drills_of([nagy, kiss, 0]) == {nagy: days_ago(1), kiss: days_ago(0)}


def test_without_any_there_is_none() -> None:
    pk = make_customer("nagy").pk

    assert (last_drill(), last_drill_of(pk), drills_of(pk), last_drills_of([pk])) == (None, None, [], {})


def test_the_fleets_last_one_is_of_a_customer_that_is_there() -> None:
    make_customer("kiss"), make_customer("gone")
    drilled("kiss", days_ago(2))
    drilled("gone", days_ago(1))
    Customer.objects.filter(customer_id="gone").update(deleted_at=NOW)

    assert (found := last_drill()) is not None
    assert found.customer.customer_id == "kiss"


def test_the_fleets_counts_are_those_of_the_last_90_days() -> None:
    for customer_id in ("kiss", "nagy", "never"):
        managed_customer(customer_id)
    make_customer("manual")
    drilled("kiss", days_ago(91), Result.FAILED)
    drilled("kiss", days_ago(89), Result.FAILED)
    drilled("nagy", days_ago(2), Result.PASSED)
    drilled("nagy", days_ago(1), Result.PASSED)

    assert fleet_drills(NOW) == FleetDrills(passed=2, gaps=0, failed=1, never=1)


def test_who_never_was_is_due_first_and_then_the_longest_ago() -> None:
    for customer_id in ("a-long-ago", "b-recent", "c-never", "d-longest-ago", "e-blocked", "f-ahead"):
        managed_customer(customer_id)
    make_customer("manual")
    block_customer("e-blocked", now=NOW, by=COMMAND_LINE)
    drilled("a-long-ago", days_ago(90))
    drilled("b-recent", days_ago(89.9))
    drilled("d-longest-ago", days_ago(200))
    drilled("d-longest-ago", days_ago(300))
    drilled("f-ahead", days_ago(-1))

    due = ["c-never", "d-longest-ago", "a-long-ago", "f-ahead"]
    assert [each.customer_id for each in due_customers(SPAN, NOW)] == due
    assert [each.customer_id for each in due_customers(SPAN, NOW, limit=2)] == due[:2]
    everybody = ["a-long-ago", "b-recent", "c-never", "d-longest-ago", "f-ahead"]
    assert [each.customer_id for each in drillable_customers()] == everybody


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_one_query_however_many_there_are(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        managed_customer(f"c{number}")

    with django_assert_num_queries(1):
        due_customers(SPAN, NOW)
