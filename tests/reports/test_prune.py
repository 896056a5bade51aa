from datetime import timedelta

import pytest
from tests.build import NOW, incoming, make_customer, record

from felhom_hub.customers.delete import delete_customer
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.reports.backlog import is_backlog_empty, read_backlog, take_from_backlog
from felhom_hub.reports.body import digest_of
from felhom_hub.reports.models import NodeState, Report
from felhom_hub.reports.prune import prune_reports
from felhom_hub.reports.queries import newest_report

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
BEFORE = NOW - 90 * DAY


def kept(customer_id: str = "kovacs-peter") -> list[int]:
    """How many days ago the customer's kept reports came."""
    reports = Report.objects.filter(customer__customer_id=customer_id).order_by("-received_at")
    return [(NOW - at) // DAY for at in reports.values_list("received_at", flat=True)]


def test_reports_beyond_the_edge_go_and_all_others_stay() -> None:
    record([incoming(received_at=NOW - days * DAY) for days in (200, 91, 90, 89, 0)])

    assert sum(prune_reports(BEFORE)) == 2
    assert kept() == [0, 89, 90]


def test_the_newest_report_of_each_customer_stays_however_old_it_is() -> None:
    for customer_id in ("a", "b", "c"):
        record([incoming(customer_id, received_at=NOW - days * DAY) for days in (400, 300, 200)])
    record([incoming("c", received_at=NOW - DAY)])
    before = {pk: newest_report(pk) for pk in Customer.objects.values_list("pk", flat=True)}

    assert sum(prune_reports(BEFORE)) == 2 + 2 + 3

    assert [kept(customer_id) for customer_id in ("a", "b", "c")] == [[200], [200], [1]]
    assert {pk: newest_report(pk) for pk in before} == before


def test_of_two_that_were_made_at_one_moment_the_one_that_is_shown_stays() -> None:
    old = NOW - 200 * DAY
    record([incoming(received_at=old, config_hash=letter * 64) for letter in "abc"])
    (customer,) = Customer.objects.all()
    shown = newest_report(customer.pk)
    assert shown is not None

    assert sum(prune_reports(BEFORE)) == 2

    assert newest_report(customer.pk) == shown
    assert NodeState.objects.get().latest_digest == digest_of(shown[0])


def test_what_came_late_does_not_count_as_the_newest() -> None:
    record([incoming(received_at=NOW - 100 * DAY), incoming(received_at=NOW - 99 * DAY)])
    late = NOW - 98.5 * DAY
    record([incoming(received_at=late, timestamp=(late - 0.9 * DAY).isoformat())])
    (customer,) = Customer.objects.all()
    shown = newest_report(customer.pk)

    assert sum(prune_reports(BEFORE)) == 2
    assert newest_report(customer.pk) == shown


def test_reports_of_a_deleted_customer_grow_old_too() -> None:
    record([incoming("a", received_at=NOW - days * DAY) for days in (200, 100, 10)])
    delete_customer("a", now=NOW, by=COMMAND_LINE)

    assert sum(prune_reports(BEFORE)) == 2
    assert kept("a") == [10]


def test_a_customer_without_reports_is_no_trouble() -> None:
    make_customer("new")

    assert list(prune_reports(BEFORE)) == []


def test_a_report_that_goes_while_it_waits_to_be_read_is_passed_over() -> None:
    record([incoming(received_at=NOW - days * DAY) for days in (200, 1)])
    assert sum(prune_reports(BEFORE)) == 1

    backlog = read_backlog(10)

    assert list(
        Report.objects.filter(pk__in=[each.pk for each in backlog.reports]).values_list("received_at", flat=True)
    ) == [NOW - DAY]
    assert len(backlog.reports) == 1
    assert take_from_backlog(backlog)
    assert is_backlog_empty()


def test_a_report_that_comes_again_after_it_went_is_an_old_one_and_changes_no_state() -> None:
    first = incoming(received_at=NOW - 200 * DAY)
    record([first, incoming(received_at=NOW)])
    state = NodeState.objects.values().get()
    assert sum(prune_reports(BEFORE)) == 1

    record([first])

    assert NodeState.objects.values().get() == state


def test_many_customers_are_looked_through() -> None:
    record([incoming(f"c{number:03}", received_at=NOW - days * DAY) for number in range(300) for days in (99, 98)])

    assert sum(prune_reports(BEFORE)) == 300
    assert Report.objects.count() == 300
