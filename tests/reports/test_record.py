"""What is stored of reports, and of repeated ones; late ones are in test_record_order.py."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, incoming, make_api_key, make_customer, record, report_body
from tests.two_hubs import both_at_once

from felhom_hub.base.db import Db
from felhom_hub.base.errors import BadRequest, Unauthorized
from felhom_hub.base.instants import rfc3339
from felhom_hub.customers.auth import digest_of as key_digest_of
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.reports.backlog import read_backlog
from felhom_hub.reports.body import digest_of, unpack
from felhom_hub.reports.models import NodeState, Report, Waiting
from felhom_hub.reports.record import Recorded, incoming_report, record_reports
from felhom_hub.reports.state import STATE_COLUMNS, Incoming

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
STORED = Recorded(is_blocked=False)


def everything_stored() -> list[list[tuple[Any, ...]]]:
    """All that reports leave behind."""
    tables: Iterable[tuple[Any, tuple[str, ...]]] = (
        (Customer, ("customer_id", "name", "is_managed", "created_at")),
        (Report, ("customer__customer_id", "position_at", "received_at", "digest")),
        (NodeState, STATE_COLUMNS),
        (Waiting, ("reports",)),
    )
    return [list(model.objects.order_by("pk").values_list(*columns)) for model, columns in tables]


def test_a_report_is_kept_byte_for_byte_with_what_the_history_draws() -> None:
    body = report_body(timestamp=rfc3339(NOW - MINUTE), extra={"of a later": "version"})

    assert record([incoming_report(body, NOW, key_digest=None)]) == [STORED]

    stored = Report.objects.get()
    assert unpack(bytes(stored.body)) == body
    assert {
        name: getattr(stored, name) for name in ("position_at", "received_at", "reported_at", "digest", "health")
    } == {
        "position_at": NOW - MINUTE,
        "received_at": NOW,
        "reported_at": NOW - MINUTE,
        "digest": digest_of(body),
        "health": "ok",
    }
    measures = (stored.cpu_percent, stored.memory_percent, stored.disk_percent, stored.temperature_celsius)
    assert (*measures, stored.controller_version) == (7.5, 61.2, 41.0, 48.0, "v0.30.0")
    assert NodeState.objects.get().cpu_percent == 7.5
    assert [report.body for report in read_backlog(1).reports] == [body]


def test_what_a_report_does_not_say_is_null_and_never_zero() -> None:
    record([incoming_report(b'{"customer_id": "kovacs-peter"}', NOW, key_digest=None)])

    nothing = ("reported_at", "health", "cpu_percent", "memory_percent", "disk_percent", "temperature_celsius")
    assert list(Report.objects.values_list(*nothing)) == [(None,) * 6]
    assert list(NodeState.objects.values_list(*nothing, "monitoring_paused", "uptime_seconds")) == [(None,) * 8]


def test_an_unknown_customer_becomes_a_manual_one() -> None:
    record([incoming("nagy-anna", customer_name="Nagy Anna")])

    assert list(Customer.objects.values_list("customer_id", "name", "is_managed", "created_at")) == [
        ("nagy-anna", "Nagy Anna", False, NOW)
    ]


def test_a_blocked_customers_report_is_stored_and_its_sender_told() -> None:
    make_customer("a", blocked_at=NOW)
    make_customer("b")

    results = record([incoming("a"), incoming("b"), incoming("a", system={})])

    assert results == [Recorded(is_blocked=True), STORED, Recorded(is_blocked=True)]
    assert Report.objects.filter(customer__customer_id="a").count() == 2


def test_a_key_that_was_revoked_meanwhile_refuses_its_own_reports_only() -> None:
    first, second = make_customer("a"), make_customer("b")
    revoked, valid = key_digest_of(make_api_key(first)), key_digest_of(make_api_key(second))
    Credential.objects.filter(digest=revoked).update(revoked_at=NOW)

    refused, *stored = record(
        [incoming("a", key_digest=revoked), incoming("b", key_digest=valid), incoming("c")]
    )  # fmt: skip

    assert isinstance(refused, Unauthorized)
    assert stored == [STORED, STORED]
    assert sorted(Report.objects.values_list("customer__customer_id", flat=True)) == ["b", "c"]
    assert not NodeState.objects.filter(customer=first).exists()


def test_one_batch_may_hold_many_reports_of_many_customers() -> None:
    reports = [
        incoming(f"c{number % 40:02}", received_at=NOW + number * MINUTE, system={"cpu_percent": number % 100})
        for number in range(200)
    ]

    assert record(reports) == [STORED] * 200

    assert Report.objects.count() == 200
    assert list(NodeState.objects.order_by("customer__customer_id").values_list("cpu_percent", flat=True)) == [
        (160 + number) % 100 for number in range(40)
    ]


def test_reports_without_a_time_of_their_own_are_all_kept() -> None:
    body = b'{"customer_id": "kovacs-peter"}'

    record([incoming_report(body, NOW + index * MINUTE, key_digest=None) for index in range(3)])

    assert [state.last_received_at for state in NodeState.objects.all()] == [NOW + 2 * MINUTE]
    assert Report.objects.count() == 3


def test_two_different_reports_of_the_same_time_are_both_kept() -> None:
    record([incoming(system={"cpu_percent": 1}), incoming(system={"cpu_percent": 2})])

    assert Report.objects.count() == 2


def test_two_customers_may_send_the_same() -> None:
    bodies = [report_body(customer_id=name) for name in ("a", "b")]

    record([incoming_report(body, NOW, key_digest=None) for body in bodies])

    assert Report.objects.count() == 2


CLOCKS = {
    "right": timedelta(),
    "a second ahead": timedelta(seconds=1),
    "five minutes ahead": 5 * MINUTE,
    "a year ahead": 365 * DAY,
    "an hour behind": -60 * MINUTE,
    "a day behind": -DAY,
    "nearly a day behind": 30 * MINUTE - DAY,
    "two days behind": -2 * DAY,
    "in 1970": -20_000 * DAY,
}
PAUSES = (timedelta(), timedelta(seconds=30), 14 * MINUTE, 47 * MINUTE, 2 * DAY)


@pytest.mark.parametrize("pause", PAUSES, ids=str)
@pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS)
def test_a_report_that_is_sent_again_changes_nothing(clock: timedelta, pause: timedelta) -> None:
    body = report_body(timestamp=rfc3339(NOW + clock))
    record([incoming_report(body, NOW, key_digest=None)])
    before = everything_stored()

    assert record([incoming_report(body, NOW + pause, key_digest=None)]) == [STORED]

    assert everything_stored() == before


@pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS)
def test_an_older_report_that_is_sent_again_changes_nothing(clock: timedelta) -> None:
    bodies = [report_body(timestamp=rfc3339(NOW + clock + index * 15 * MINUTE)) for index in range(3)]
    for index, body in enumerate(bodies):
        record([incoming_report(body, NOW + index * 15 * MINUTE, key_digest=None)])
    before = everything_stored()

    record([incoming_report(body, NOW + 36 * MINUTE, key_digest=None) for body in bodies])

    assert everything_stored() == before


def test_a_report_that_is_sent_again_after_its_clock_was_put_right_changes_nothing() -> None:
    ahead = report_body(timestamp=rfc3339(NOW + 20 * MINUTE))
    right = report_body(timestamp=rfc3339(NOW + 15 * MINUTE))
    record([incoming_report(ahead, NOW, key_digest=None)])
    record([incoming_report(right, NOW + 15 * MINUTE, key_digest=None)])
    before = everything_stored()

    record([incoming_report(ahead, NOW + 25 * MINUTE, key_digest=None)])

    assert everything_stored() == before


def test_of_two_equal_reports_in_one_batch_one_is_stored() -> None:
    once, twice = incoming("a"), incoming("b")

    assert record([once, twice, twice]) == [STORED] * 3

    assert sorted(Report.objects.values_list("customer__customer_id", flat=True)) == ["a", "b"]
    assert len(read_backlog(9).reports) == 2


def test_no_reports_are_nothing_to_do() -> None:
    assert record([]) == []


def test_a_body_that_is_no_report_never_gets_this_far() -> None:
    with pytest.raises(BadRequest):
        incoming_report(b"{}", NOW, key_digest=None)


def test_an_incoming_report_has_what_is_needed_to_store_it() -> None:
    body = report_body()

    found = incoming_report(body, NOW, key_digest="abc")

    assert isinstance(found, Incoming)
    assert (found.received_at, found.digest, found.body, found.key_digest) == (NOW, digest_of(body), body, "abc")


@pytest.mark.django_db(transaction=True)
def test_two_hubs_that_take_a_nodes_first_reports_at_once_keep_the_newer_state() -> None:
    make_customer("a")
    newer = incoming("a", received_at=NOW, timestamp=rfc3339(NOW), controller_version="v2")
    older = incoming("a", received_at=NOW, timestamp=rfc3339(NOW - MINUTE), controller_version="v1")

    both_at_once(lambda: record_reports(Db(), [newer]), lambda: record_reports(Db(), [older]))

    assert NodeState.objects.get().controller_version == "v2"
    assert Report.objects.count() == 2
