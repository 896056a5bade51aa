from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, incoming, make_customer, record
from tests.doors import managed_customer
from tests.fleet.html import checked
from tests.recovery.snapshots import body_of, send

from felhom_hub.customers.block import block_customer
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.drills import DrillRecord, drill_record
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.recovery.drill import SCHEDULE, record_drill
from felhom_hub.recovery.drill_outcome import Outcome, Result

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
EVERY = 90 * DAY
HOSTILE = "</dl><script>alert(1)</script> was not found"


def drilled(days_ago: int, outcome: Outcome) -> None:
    started_at = NOW - days_ago * DAY
    record_drill(Customer.objects.get(), outcome, started_at=started_at, took=timedelta(seconds=1.2), by=SCHEDULE)


def record_of(every: timedelta = EVERY) -> DrillRecord | None:
    return drill_record(Customer.objects.get(), every=every, now=NOW)


def test_the_last_drill_is_shown_and_the_next_one_is_due_as_often_as_is_set() -> None:
    managed_customer("nagy")
    drilled(60, Outcome(Result.FAILED, ["x"]))
    drilled(50, Outcome(Result.PASSED))
    found = record_of()

    assert found is not None
    assert found.last is not None
    assert (found.last.result, found.last.at, found.next_at, found.every_days) == (
        *("Passed", NOW - 50 * DAY, NOW + 40 * DAY, 90),
    )
    assert (by_hand := record_of(timedelta())) is not None
    assert (by_hand.next_at, by_hand.every_days) == (None, 0)


def test_what_is_overdue_is_due_now() -> None:
    managed_customer("nagy")
    assert (never := record_of()) is not None
    drilled(100, Outcome(Result.PASSED))
    assert (overdue := record_of()) is not None

    assert (never.last, never.next_at, overdue.next_at) == (None, NOW, NOW)


def test_who_cannot_be_drilled_has_no_next_one() -> None:
    managed_customer("nagy")
    block_customer("nagy", now=NOW, by=COMMAND_LINE)

    assert record_of() == DrillRecord(None, EVERY, None)
    assert drill_record(make_customer("manual"), every=EVERY, now=NOW) is None


def test_it_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    managed_customer("nagy")
    drilled(1, Outcome(Result.PASSED))
    customer = Customer.objects.get()

    with django_assert_num_queries(1):
        drill_record(customer, every=EVERY, now=NOW)


def test_the_customers_page_has_the_record_in_its_section_on_recovery(browser: Any) -> None:
    managed_customer("nagy")
    record([incoming("nagy")])
    send(body_of(n=1))

    assert "<code>felhom-hub drill nagy</code>" in checked(browser, "/customers/nagy")

    drilled(1, Outcome(Result.GAPS, [HOSTILE], 1, 2, 3, 4, 5))
    html = " ".join(checked(browser, "/customers/nagy").split())

    assert "With gaps after 1.2 s, 4 of 5 apps can be restored" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; was not found" in html
    assert "<dt>Disks</dt><dd>2 of 3 found</dd>" in html
    assert "not scheduled" in html
