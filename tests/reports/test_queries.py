from datetime import timedelta
from itertools import chain

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, incoming, make_customer, make_node, record, report_body

from felhom_hub.base.instants import rfc3339
from felhom_hub.customers.models import Customer
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.queries import Readings, count_reports, customers_page, newest_report, readings_of
from felhom_hub.reports.record import incoming_report
from felhom_hub.reports.status import Status

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
# Databases order these in different ways; a page must follow the database's own.
IDS = [
    "a",
    "A",
    "a-b",
    "a.b",
    "a_b",
    "ab",
    "Ab",
    "aB",
    "b",
    "B1",
    "b-1",
    "b1",
    "1",
    "10",
    "2",
    "z",
    "Z",
    "cs",
    "cz",
    "c",
]


def all_pages(*, limit: int, status: Status | None = None, search: str = "") -> list[str]:
    """The ids on all pages, one page after the other."""
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        page, after = customers_page(now=NOW, limit=limit, after=after, status=status, search=search)
        assert len(page) <= limit
        assert after is None or after == page[-1].customer_id
        found += [summary.customer_id for summary in page]
    return found


@pytest.mark.parametrize("limit", [1, 2, 7, 19, 20, 21, 1000])
def test_the_pages_together_hold_everybody_once(limit: int) -> None:
    for customer_id in IDS:
        make_customer(customer_id)

    assert all_pages(limit=limit) == list(
        Customer.objects.order_by("customer_id").values_list("customer_id", flat=True)
    )


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_pages_may_be_of_one_status(limit: int) -> None:
    for index, customer_id in enumerate(IDS):
        customer = make_customer(customer_id, blocked_at=NOW if index % 5 == 0 else None)
        if index % 2:
            make_node(customer, last_received_at=NOW - index * 5 * MINUTE)

    found = {status: all_pages(limit=limit, status=status) for status in Status}

    assert sorted(chain.from_iterable(found.values())) == sorted(IDS)
    assert set(found[Status.BLOCKED]) == set(IDS[::5])
    assert set(found[Status.DOWN]) == {"10", "cs", "c"}


def test_no_customers_are_one_empty_page() -> None:
    assert customers_page(now=NOW, limit=10) == ([], None)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("Kovács", ["kovacs-peter"]),
        ("kovacs", ["kovacs-peter"]),
        ("KOVÁCS p", ["kovacs-peter"]),
        ("peter", ["kovacs-peter"]),
        ("szűcs", ["szucs"]),
        ("SZUCS őrs", ["szucs"]),
        ("ors", ["szucs"]),
        ("-", ["kovacs-peter"]),
        ("s", ["kovacs-peter", "strasse", "szucs"]),
        ("strasse", ["strasse"]),
        ("STRASSE", ["strasse"]),
        ("%", []),
        ("_", []),
        ("\x00", []),
        ("'", ["o.neil"]),
        ("nobody", []),
    ],
)
def test_search_ignores_accents_and_case_in_ids_and_names(search: str, found: list[str]) -> None:
    names = {"kovacs-peter": "Kovács Péter", "szucs": "Szűcs Őrs", "strasse": "Groß & Straße", "o.neil": "O'Neil"}
    for customer_id, name in names.items():
        make_customer(customer_id, name=name)

    assert all_pages(limit=1, search=search) == found


def test_search_and_status_narrow_together() -> None:
    for customer_id in ("anna-1", "anna-2", "bela"):
        make_customer(customer_id, blocked_at=None if customer_id == "anna-2" else NOW)

    assert all_pages(limit=5, status=Status.BLOCKED, search="anna") == ["anna-1"]


def test_a_page_may_be_as_long_as_the_api_allows() -> None:
    Customer.objects.bulk_create(
        [Customer(customer_id=f"c{index:04}", name="Kovács", created_at=NOW) for index in range(1100)]
    )

    assert all_pages(limit=1000, search="kovacs") == [f"c{index:04}" for index in range(1100)]


@pytest.mark.parametrize(("search", "queries"), [("", 1), ("c", 2)])
@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_so_many_queries(
    count: int, search: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for index in range(count):
        make_node(make_customer(f"c{index}"))

    with django_assert_num_queries(queries):
        page, _ = customers_page(now=NOW, limit=10, search=search)

    assert len(page) == count


def test_the_newest_report_is_the_one_that_the_state_is_made_of() -> None:
    newest = report_body(timestamp=rfc3339(NOW), note="newest")
    late = report_body(timestamp=rfc3339(NOW - 30 * MINUTE), note="late")
    for body, received_at in ((newest, NOW + MINUTE), (late, NOW + 2 * MINUTE)):
        record([incoming_report(body, received_at, key_digest=None)])
    customer = Customer.objects.get()

    assert newest_report(customer.pk) == (newest, NOW + MINUTE)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_reports_of_the_same_time_it_is_the_same_one_too(order: tuple[int, int]) -> None:
    reports = [incoming(system={"cpu_percent": value}) for value in (1, 2)]
    record(reports[index] for index in order)

    found = newest_report(Customer.objects.get().pk)

    chosen = next(report for report in reports if report.digest == NodeState.objects.get().latest_digest)
    assert found == (chosen.body, NOW)


def test_there_is_no_newest_report_before_the_first() -> None:
    record([incoming("a")])

    assert newest_report(make_customer("b").pk) is None


def test_reports_of_one_customer_are_counted_up_to_a_limit() -> None:
    record([incoming("a", received_at=NOW - MINUTE * number) for number in range(3)])
    record([incoming("b")])
    pk = Customer.objects.get(customer_id="a").pk

    assert [count_reports(pk, limit=limit) for limit in (9, 3, 2)] == [3, 3, 2]


@pytest.mark.django_db
def test_the_readings_of_meters_are_those_of_the_newest_report() -> None:
    anna, bela = make_customer("anna"), make_customer("bela")
    make_node(anna, disk_percent=41.0, position_at=NOW)
    make_node(bela)

    assert readings_of([anna.pk]) == {anna.pk: Readings(NOW, {"disk": 41.0, "temperature": None})}
