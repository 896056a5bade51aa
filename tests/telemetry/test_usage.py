from datetime import timedelta

import pytest
from tests.build import NOW, make_customer
from tests.telemetry.hours import NOW_HOUR, app, store, usage

from felhom_hub.reports.app_telemetry import MAX_APPS
from felhom_hub.telemetry.models import CustomerDay
from felhom_hub.telemetry.usage import sum_up_customers

pytestmark = pytest.mark.django_db

TODAY = NOW_HOUR // 24


def test_each_period_holds_its_hours_and_no_others() -> None:
    customer = make_customer("a")
    for days in (0, 1, 7, 8, 30, 31):
        store(customer, NOW - timedelta(days=days), app(100 + days))
    changed = {TODAY - days for days in (0, 1, 7, 8, 30, 31)}

    sum_up_customers({customer.pk: changed}, NOW_HOUR)

    assert [usage(period) for period in ("24h", "7d", "30d")] == [
        [("a", "immich", 1)],
        [("a", "immich", 3)],
        [("a", "immich", 5)],
    ]
    assert CustomerDay.objects.count() == 5
    [(_, _, average, p95, peak)] = usage("30d", "average_mb", "p95_mb", "peak_mb")
    assert (average, peak) == (pytest.approx(109.2), 130.0)
    assert p95 == pytest.approx(130, rel=0.01)


def test_unchanged_days_are_kept_and_a_late_report_counts_in_its_own() -> None:
    customer = make_customer("a")
    store(customer, NOW - timedelta(days=2), app(100))
    sum_up_customers({customer.pk: {TODAY - 2}}, NOW_HOUR)
    store(customer, NOW, app(300))
    sum_up_customers({customer.pk: {TODAY}}, NOW_HOUR)
    store(customer, NOW - timedelta(days=1), app(200))

    sum_up_customers({customer.pk: {TODAY - 1}}, NOW_HOUR)
    sum_up_customers({customer.pk: {TODAY - 1, TODAY}}, NOW_HOUR)

    assert usage("7d", "samples", "average_mb", "last_hour") == [("a", "immich", 3, 200.0, NOW_HOUR)]


def test_what_is_too_old_leaves_the_figures_when_time_goes_on() -> None:
    customer = make_customer("a")
    store(customer, NOW, app(100), app(50, "gitea", log_errors_24h=2, catalog_memory_limit_mb=64))
    sum_up_customers({customer.pk: {TODAY}}, NOW_HOUR)

    sum_up_customers({customer.pk: set()}, NOW_HOUR + 24)

    assert usage("24h") == []
    assert usage("7d", "display_name", "memory_limit_mb", "log_errors_24h", "summed_at_hour") == [
        ("a", "gitea", "gitea", 64, 2, NOW_HOUR + 24),
        ("a", "immich", "immich", None, None, NOW_HOUR + 24),
    ]


def test_customers_do_not_mix() -> None:
    a, b = make_customer("a"), make_customer("b")
    store(a, NOW, app(100))
    store(b, NOW, app(200), app(300, "gitea"))

    sum_up_customers({a.pk: {TODAY}, b.pk: {TODAY}}, NOW_HOUR)

    assert usage("24h", "average_mb") == [("a", "immich", 100.0), ("b", "gitea", 300.0), ("b", "immich", 200.0)]


def test_a_customer_deleted_meanwhile_is_left_out() -> None:
    customer = make_customer("a")
    store(customer, NOW, app(100))
    pk = customer.pk
    customer.delete()

    sum_up_customers({pk: {TODAY}}, NOW_HOUR)

    assert usage() == []


def test_a_box_fills_the_tables_with_at_most_so_many_names() -> None:
    customer = make_customer("a")
    store(customer, NOW, *(app(1, f"first {n}") for n in range(MAX_APPS)))
    store(customer, NOW, *(app(1, f"second {n}") for n in range(MAX_APPS)), app(1, "first 0"))

    sum_up_customers({customer.pk: {TODAY}}, NOW_HOUR)

    assert len(usage("24h")) == MAX_APPS
