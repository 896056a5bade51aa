from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, make_customer
from tests.recovery.checked import make_check

from felhom_hub.fleet.facts import Fact
from felhom_hub.fleet.recovery_page import PAGE_ROWS, Show, View, recovery_page, view_of
from felhom_hub.operators.audit import Actor, record_audit

pytestmark = pytest.mark.django_db


def fleet(count: int) -> None:
    for number in range(count):
        states = ("nuuuy", "yyygy", "yyyyy")[number % 3]
        make_check(make_customer(f"c{number:03}", name=f"Customer {number:03}"), states)


def test_the_page_says_who_is_lost_and_how_the_fleet_does() -> None:
    fleet(4)
    record_audit("config_fetched", by=Actor("a box", "192.0.2.7"), now=NOW - timedelta(days=31), customer_id="c001")
    record_audit("recovery_fetched", by=Actor("a box", "192.0.2.7"), now=NOW, customer_id="c002")

    page = recovery_page(View(), now=NOW)

    assert (page.lost, page.counts.total, page.found, page.first, page.last, page.pages) == (2, 4, 4, 1, 4, 1)
    assert [(chip.word, chip.count) for chip in page.chips] == [
        ("Cannot be rebuilt", 2), ("With a gap", 1), ("Can be rebuilt", 1), ("Never drilled", 0),
    ]  # fmt: skip
    assert [meter.fact for meter in page.meters] == [Fact(2, 4, 2), Fact(1, 4, 3), Fact(4, 4, 0), Fact(0, 0, 0)]
    assert [(share.tone, round(share.width)) for share in page.shares] == [("down", 50), ("warn", 24), ("ok", 24)]
    assert [row.name for row, _ in page.rows] == ["Customer 000", "Customer 003", "Customer 001", "Customer 002"]
    assert [fetch.customer_id for fetch in page.fetches] == ["c002"]


def test_a_page_holds_a_hundred_and_costs_the_same_however_many_there_are(django_assert_num_queries: Any) -> None:
    fleet(PAGE_ROWS + 5)

    with django_assert_num_queries(10):
        page = recovery_page(View(page=2), now=NOW)

    assert (len(page.rows), page.previous_path, page.next_path) == (5, "/recovery", "")
    assert recovery_page(View(page=99), now=NOW).view.page == 2
    assert recovery_page(View(), now=NOW).next_path == "/recovery?page=2"


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ({"show": "gaps", "q": " hdd ", "page": "3"}, View(Show.GAPS, "hdd", 3)),
        ({"show": "all", "page": "-1"}, View()),
        ({"page": "1" * 40}, View()),
        ({"page": "\u0663"}, View()),
    ],
)
def test_an_address_is_read_tolerantly(query: dict[str, str], view: View) -> None:
    assert view_of(query) == view


def test_a_view_is_in_its_address() -> None:
    assert View(Show.NEVER_DRILLED, "é", 2).path == "/recovery?show=never-drilled&q=%C3%A9&page=2"
    assert [chip.is_current for chip in recovery_page(View(Show.GAPS), now=NOW).chips] == [False, True, False, False]
