"""The points of a history; pages of customers are in test_queries.py."""

import tracemalloc
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.build import NOW, incoming, make_customer, record

from felhom_hub.base.instants import rfc3339
from felhom_hub.customers.models import Customer
from felhom_hub.reports.models import Report
from felhom_hub.reports.queries import MAX_POINTS, MEASURES, PERIODS, Point, history, reports_by_hour

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def stored(customer: Customer, received_at: datetime, **columns: Any) -> Report:
    """A row of the history, without a body."""
    values = {"position_at": received_at, "reported_at": received_at, "digest": 1, "body": b"\x00", **columns}
    return Report(customer=customer, received_at=received_at, **values)


def measures(*values: float | None) -> dict[str, float | None]:
    return dict(zip(MEASURES, values, strict=True))


def test_a_point_is_one_report() -> None:
    record([incoming(received_at=NOW, timestamp=rfc3339(NOW - MINUTE), health="warn")])

    points = history(Customer.objects.get().pk, since=NOW - DAY, now=NOW)

    assert points == [Point(NOW, "warn", "v0.30.0", measures(7.5, 61.2, 41.0, 48.0, -60.0))]


def test_what_was_not_reported_is_no_number() -> None:
    customer = make_customer()
    stored(customer, NOW, reported_at=None).save()

    assert history(customer.pk, since=NOW - DAY, now=NOW) == [Point(NOW, None, None, measures(*[None] * 5))]


def test_points_are_those_of_one_customer_and_period_oldest_first() -> None:
    customer, other = make_customer("a"), make_customer("b")
    moments = [NOW - DAY - timedelta(milliseconds=1), NOW - DAY, NOW - MINUTE, NOW]
    Report.objects.bulk_create([stored(customer, moment) for moment in reversed(moments)])
    stored(other, NOW - 2 * MINUTE).save()

    points = history(customer.pk, since=NOW - DAY, now=NOW)

    assert [point.received_at for point in points] == moments[1:]


def test_a_late_report_stands_where_it_was_received() -> None:
    customer = make_customer()
    stored(customer, NOW - 30 * MINUTE).save()
    stored(customer, NOW, position_at=NOW - 45 * MINUTE, reported_at=NOW - 45 * MINUTE).save()

    points = history(customer.pk, since=NOW - DAY, now=NOW)

    assert [point.received_at for point in points] == [NOW - 30 * MINUTE, NOW]


def test_as_many_points_as_are_allowed_are_given_out_one_by_one() -> None:
    customer = make_customer()
    Report.objects.bulk_create([stored(customer, NOW - index * MINUTE) for index in range(MAX_POINTS)])

    points = history(customer.pk, since=NOW - 90 * DAY, now=NOW)

    assert (len(points), {point.reports for point in points}) == (MAX_POINTS, {1})
    assert {point.lowest for point in points} == {None}


def test_where_there_are_more_a_point_is_a_bucket_with_its_extremes() -> None:
    customer = make_customer()
    span = 2000 * MINUTE  # buckets of one minute
    reports = [
        stored(
            customer,
            NOW - span + minute * MINUTE + second * timedelta(seconds=1),
            cpu_percent=float(minute % 50 + second),
            memory_percent=None if second == 0 else 10.0,
            health=("ok", None, "warn")[second // 20],
            controller_version=f"v{second}",
        )
        for minute in range(1990)
        for second in (0, 20, 40)
    ]
    Report.objects.bulk_create(reports)

    points = history(customer.pk, since=NOW - span, now=NOW)

    assert len(points) == 1990
    assert points[7] == Point(
        received_at=NOW - span + 7 * MINUTE + timedelta(seconds=40),
        health="warn",
        controller_version="v40",
        values=measures(27.0, 10.0, None, None, 0.0),
        reports=3,
        lowest=measures(7.0, 10.0, None, None, 0.0),
        highest=measures(47.0, 10.0, None, None, 0.0),
    )


@pytest.mark.parametrize(
    ("period", "count"), [("24h", MAX_POINTS + 1), ("7d", 2 * MAX_POINTS), ("30d", MAX_POINTS + 7), ("90d", 5003)]
)
def test_buckets_are_few_and_lose_no_report(period: str, count: int) -> None:
    customer = make_customer()
    since = NOW - PERIODS[period]
    step = PERIODS[period] / (count - 1)
    Report.objects.bulk_create(
        [stored(customer, since + index * step, cpu_percent=index % 100) for index in range(count)]
    )
    kept = Report.objects.filter(position_at__gte=since).count()

    points = history(customer.pk, since=since, now=NOW)

    assert len(points) <= MAX_POINTS
    assert sum(point.reports for point in points) == kept == count
    assert [point.received_at for point in points] == sorted(point.received_at for point in points)


@pytest.mark.parametrize(
    ("healths", "worst"),
    [((None, None), None), (("ok", None), "ok"), (("warn", "ok"), "warn"), (("ok", "fail", "warn"), "fail")],
)
def test_a_bucket_is_as_healthy_as_its_worst_report(healths: tuple[str | None, ...], worst: str | None) -> None:
    customer = make_customer()
    rest = [stored(customer, NOW - index * MINUTE) for index in range(1, MAX_POINTS + 1)]
    together = [stored(customer, NOW, health=health, digest=index) for index, health in enumerate(healths)]
    Report.objects.bulk_create([*rest, *together])

    assert history(customer.pk, since=NOW - 2 * DAY, now=NOW)[-1].health == worst


def test_a_box_that_reports_without_pause_costs_no_memory_for_each_report() -> None:
    customer, count = make_customer(), 20_000
    every = 80 * DAY / count
    Report.objects.bulk_create(stored(customer, NOW - index * every, cpu_percent=1.0) for index in range(count))

    tracemalloc.start()
    points = history(customer.pk, since=NOW - 90 * DAY, now=NOW)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sum(point.reports for point in points) == count
    assert peak < 10_000_000


def test_reports_are_counted_by_the_hour() -> None:
    a, b = make_customer("a"), make_customer("b")
    for minutes in (0, 1, 14, 61, 62, 300):
        stored(a, NOW - timedelta(minutes=minutes), digest=minutes).save()
    stored(b, NOW).save()
    hour = round(NOW.timestamp()) // 3600

    counts = reports_by_hour(a.pk, since=NOW - timedelta(hours=4))

    assert counts == {hour: 1, hour - 1: 2, hour - 2: 2}
