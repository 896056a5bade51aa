from datetime import timedelta

import pytest
from django.db import transaction
from tests.build import NOW, incoming, make_customer, record, report_body
from tests.two_hubs import both_at_once

from felhom_hub.base.instants import rfc3339, to_milliseconds
from felhom_hub.reports.backlog import ROW, StoredReport, is_backlog_empty, read_backlog, take_from_backlog
from felhom_hub.reports.models import Waiting
from felhom_hub.reports.record import incoming_report

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def reports(count: int) -> None:
    record([incoming(received_at=NOW + index * MINUTE) for index in range(count)])


def test_a_report_waits_as_it_came() -> None:
    customer = make_customer("kovacs-peter")
    body = report_body(timestamp=rfc3339(NOW - MINUTE), text="Árvíztűrő")
    assert is_backlog_empty()

    record([incoming_report(body, NOW, key_digest=None)])

    assert not is_backlog_empty()
    (report,) = read_backlog(1).reports
    received, reported = to_milliseconds(NOW), to_milliseconds(NOW - MINUTE)
    assert report == StoredReport(report.pk, customer.pk, received, reported, body)


def test_a_report_without_a_clock_waits_too() -> None:
    record([incoming_report(b'{"customer_id": "a"}', NOW, key_digest=None)])

    assert [report.reported_at for report in read_backlog(1).reports] == [None]


def test_rows_hold_a_few_and_come_in_the_order_of_storing() -> None:
    reports(70)

    at = [to_milliseconds(NOW + index * MINUTE) for index in range(70)]
    assert [report.received_at for report in read_backlog(1).reports] == at[:ROW]
    assert [report.received_at for report in read_backlog(ROW + 1).reports] == at[: 2 * ROW]
    assert [report.received_at for report in read_backlog(99).reports] == at
    assert [report.received_at for report in read_backlog(1, newest=True).reports] == at[2 * ROW :]


def test_single_reports_are_taken_together() -> None:
    for number in range(5):
        record([incoming(f"c{number}")])

    assert [len(read_backlog(most).reports) for most in (1, 3, 9)] == [1, 3, 5]
    assert len(read_backlog(3).rows) == 3


def test_what_was_taken_waits_no_longer() -> None:
    reports(70)
    first = read_backlog(1)

    assert take_from_backlog(first) is True

    assert len(read_backlog(99).reports) == 70 - ROW
    assert take_from_backlog(first) is False


def test_a_transaction_that_fails_leaves_them_waiting() -> None:
    reports(3)

    with transaction.atomic():
        take_from_backlog(read_backlog(1))
        transaction.set_rollback(True)

    assert len(read_backlog(1).reports) == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_hubs_one_takes_them() -> None:
    reports(3)
    backlog = read_backlog(1)
    taken: list[bool] = []

    both_at_once(lambda: taken.append(take_from_backlog(backlog)), lambda: taken.append(take_from_backlog(backlog)))

    assert (taken, Waiting.objects.count()) == ([True, False], 0)
