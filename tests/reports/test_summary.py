from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, incoming, make_customer, make_node, record

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Customer
from felhom_hub.events.models import EventCount
from felhom_hub.reports.arrivals import Arrivals
from felhom_hub.reports.status import Status, Thresholds, Verdict
from felhom_hub.reports.summary import NodeFacts, Summary, status_filter, summaries, summary_of, thresholds

pytestmark = pytest.mark.django_db

MILLISECOND = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)


def test_a_customer_that_never_reported_has_no_node() -> None:
    customer = make_customer(
        "a", name="Kovács Péter", town="Győr", domain="kovacs.example.hu", is_managed=True, created_at=NOW - 5 * MINUTE
    )

    assert summary_of("a", now=NOW) == Summary(
        pk=customer.pk,
        customer_id="a",
        name="Kovács Péter",
        town="Győr",
        domain="kovacs.example.hu",
        is_managed=True,
        created_at=NOW - 5 * MINUTE,
        blocked_at=None,
        errors_24h=0,
        warnings_24h=0,
        node=None,
        verdict=Verdict(Status.PENDING, "", "Config created 5 min ago. Waiting for the first report."),
    )


def test_a_customer_that_reported_has_all_that_it_said() -> None:
    customer = make_customer("a")
    EventCount.objects.create(customer=customer, errors=3, warnings=5)
    record([incoming("a", health={"status": "fail", "issues": ["Lemez 99 %", "b"]})])

    found = summary_of("a", now=NOW + MINUTE)

    assert found is not None
    assert (found.errors_24h, found.warnings_24h) == (3, 5)
    assert found.verdict == Verdict(Status.DOWN, "Health check failed:", "Lemez 99 %, and 1 more")
    assert found.node == NodeFacts(
        first_received_at=NOW,
        last_received_at=NOW,
        arrivals=Arrivals(1, int(NOW.timestamp()) // 300),
        allowance=timedelta(),
        reported_at=NOW,
        clock_skew_seconds=0.0,
        controller_version="v0.30.0",
        controller_url="https://felhom.kovacs.example.hu",
        monitoring_paused=False,
        health="fail",
        health_since_at=NOW,
        health_messages=("Lemez 99 %", "b"),
        cpu_percent=7.5,
        memory_percent=61.2,
        disk_percent=41.0,
        disk_name="Rendszer",
        temperature_celsius=48.0,
        uptime_seconds=864000.0,
        last_backup_at=NOW - timedelta(hours=10),
        last_backup_ok=True,
        last_db_dump_at=NOW - timedelta(hours=9),
        last_db_dump_ok=True,
    )


@pytest.mark.parametrize(
    ("expected", "same", "sync"),
    [
        (None, None, "unknown"),
        ("b", None, "mismatch"),
        ("b", "a", "in sync (formatting differs)"),
        ("a", None, "in sync"),
    ],
)
def test_the_sync_of_its_configuration_is_read_along(expected: str | None, same: str | None, sync: str) -> None:
    make_node(make_customer("a"), config_hash="a", expected_hash=expected, same_hash=same)

    found = summary_of("a", now=NOW)

    assert found is not None
    assert found.node is not None
    assert found.node.config_sync == sync


def test_what_was_not_reported_is_none() -> None:
    make_node(make_customer("a"))

    found = summary_of("a", now=NOW)

    assert found is not None
    assert found.node is not None
    nothing = {name for name in NodeFacts.__struct_fields__ if getattr(found.node, name) is None}
    told = {"first_received_at", "last_received_at", "arrivals", "allowance", "health_messages", "config_sync"}
    assert nothing == set(NodeFacts.__struct_fields__) - told


def test_there_is_no_summary_of_nobody() -> None:
    make_customer("a")

    assert summary_of("A", now=NOW) is None


@pytest.mark.parametrize(("name", "shown"), [("Kovács Péter", "Kovács Péter"), ("", "a")])
def test_a_customer_without_a_name_is_shown_by_its_id(name: str, shown: str) -> None:
    make_customer("a", name=name)

    found = summary_of("a", now=NOW)

    assert found is not None
    assert found.display_name == shown


@pytest.mark.parametrize("count", [1, 3])
def test_summaries_come_in_the_querys_order_with_three_queries(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for index in range(count):
        make_node(make_customer(f"c{index}"))

    with django_assert_num_queries(1):  # the other two go past Django, by `base/db.py`
        found = [summary.customer_id for summary in summaries(Customer.objects.order_by("-customer_id"), now=NOW)]

    assert found == [f"c{index}" for index in reversed(range(count))]


def test_the_configured_spans_are_half_an_hour_and_an_hour() -> None:
    assert thresholds() == Thresholds(stale=30 * MINUTE, down=60 * MINUTE)


SILENCES = [
    None,
    -MINUTE,
    timedelta(),
    *(edge * MINUTE + step * MILLISECOND for edge, step in product((30, 60), (-1, 0, 1))),
    timedelta(days=90),
]


def fleet_on_every_edge(now: datetime) -> Iterator[Customer]:
    """A customer for every combination of silence, block, health and pause around the edges of statuses."""
    for number, (silence, blocked_at, health, paused) in enumerate(
        product(SILENCES, (None, now), (None, "ok", "warn", "fail"), (None, False, True))
    ):
        customer = make_customer(f"c{number:03}", blocked_at=blocked_at)
        if silence is not None:
            columns: dict[str, Any] = {"health": health, "monitoring_paused": paused}
            make_node(customer, last_received_at=now - silence, **columns)
        yield customer


@pytest.mark.parametrize("now", [NOW, NOW + MILLISECOND, utc_now()], ids=["noon", "a moment later", "now"])
def test_the_filter_finds_exactly_those_that_have_the_status(now: datetime) -> None:
    fleet = list(fleet_on_every_edge(now))
    everyone = list(summaries(Customer.objects.order_by("customer_id"), now=now))
    assert {summary.verdict.status for summary in everyone} == set(Status)

    for status in Status:
        found = set(Customer.objects.filter(status_filter(status, now=now)).values_list("customer_id", flat=True))
        assert found == {summary.customer_id for summary in everyone if summary.verdict.status is status}, status

    assert len(everyone) == len(fleet)


@pytest.mark.parametrize("allowance", [-10, 0, 45])
def test_an_allowance_moves_every_status_alike_in_python_and_in_the_database(allowance: int) -> None:
    for minutes in range(110):
        make_node(
            make_customer(f"c{minutes:03}"), last_received_at=NOW - minutes * MINUTE, allowance_ms=allowance * 60_000
        )

    found = {each.customer_id: each.verdict.status for each in summaries(Customer.objects.all(), now=NOW)}

    silent = [int(name[1:]) for name, status in found.items() if status is not Status.OK]
    assert min(silent) == 30 + allowance
    assert min(int(name[1:]) for name, status in found.items() if status is Status.DOWN) == 61 + allowance
    for status in Status:
        names = set(Customer.objects.filter(status_filter(status, now=NOW)).values_list("customer_id", flat=True))
        assert names == {name for name, of in found.items() if of is status}


def test_a_late_node_says_when_it_becomes_down_by_its_own_allowance() -> None:
    make_node(make_customer("a"), last_received_at=NOW - 80 * MINUTE, allowance_ms=45 * 60_000)

    found = summary_of("a", now=NOW)

    assert found is not None
    assert found.verdict.reason == "Report is 1 h 20 min old. Becomes DOWN in 25 min"
