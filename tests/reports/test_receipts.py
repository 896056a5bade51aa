from datetime import timedelta

import pytest
from tests.build import NOW, incoming, make_customer, make_node, record

from felhom_hub.reports.models import NodeState, Report
from felhom_hub.reports.queries import newest_report
from felhom_hub.reports.receipts import (
    accepted_between,
    newest_receipt,
    oldest_receipt,
    set_back_receipts,
    time_borne_out,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_every_accepted_report_counts_whoever_sent_it() -> None:
    record([incoming(name, received_at=NOW + at * MINUTE) for name, at in (("a", 0), ("b", 5), ("a", 9), ("a", 20))])

    assert accepted_between(NOW, NOW + 20 * MINUTE) == [NOW + 5 * MINUTE, NOW + 9 * MINUTE]
    assert newest_receipt() == newest_receipt(before=NOW + 30 * MINUTE) == NOW + 20 * MINUTE
    assert newest_receipt(before=NOW + 20 * MINUTE) == NOW + 5 * MINUTE
    assert oldest_receipt() == NOW


def test_without_reports_there_is_none() -> None:
    assert {newest_receipt(), newest_receipt(before=NOW), oldest_receipt()} == {None}
    assert accepted_between(NOW, NOW + MINUTE) == []


def test_the_time_is_borne_out_by_the_newest_report_and_by_the_clocks_of_those_who_sent_lately() -> None:
    assert time_borne_out(NOW) is None
    for name, heard, skew in (("a", 0, -40.0), ("b", 60, -41.0), ("c", 23 * 60, None), ("gone", 25 * 60, 0.0)):
        skew_seconds = None if skew is None else skew * 86400
        make_node(make_customer(name), last_received_at=NOW - heard * MINUTE, clock_skew_seconds=skew_seconds)

    assert time_borne_out(NOW) == NOW - timedelta(days=40.5)
    assert time_borne_out(NOW + timedelta(days=3650)) == NOW - timedelta(days=40.5)
    assert time_borne_out(NOW - 30 * MINUTE) == NOW - 30 * MINUTE - timedelta(days=40.5)


def test_a_clock_that_was_set_back_leaves_no_receipt_ahead_of_it() -> None:
    make_node(make_customer("a"), last_received_at=NOW + 90 * MINUTE)
    make_node(make_customer("b"), last_received_at=NOW - 90 * MINUTE)

    set_back_receipts(NOW)

    rows = NodeState.objects.order_by("customer__customer_id").values_list("first_received_at", "last_received_at")
    assert list(rows) == [(NOW, NOW), (NOW - 90 * MINUTE, NOW - 90 * MINUTE)]


def test_after_a_clock_was_set_back_the_next_report_is_the_newest() -> None:
    """Else the node's state would stand still until the time that the clock had shown."""
    hour = timedelta(hours=1)
    for name, ahead in (("a", 29 * hour), ("a", 30 * hour), ("b", -1 * hour)):
        record([incoming(name, received_at=NOW + ahead)])

    set_back_receipts(NOW)

    positions = Report.objects.order_by("pk").values_list("position_at", flat=True)
    assert list(positions) == [NOW - hour, NOW, NOW - hour]
    assert NodeState.objects.get(customer__customer_id="a").health_since_at == NOW - hour
    record([incoming("a", received_at=NOW + MINUTE, controller_version="v9")])
    assert NodeState.objects.get(customer__customer_id="a").controller_version == "v9"
    found = newest_report(NodeState.objects.get(customer__customer_id="a").pk)
    assert found is not None
    assert found[1] == NOW + MINUTE
