from datetime import datetime, timedelta

import pytest
from tests.build import NOW, make_customer
from tests.telemetry.hours import app, store

from felhom_hub.customers.models import Customer
from felhom_hub.telemetry.models import CustomerDay, FleetHour, LogIssue, TelemetryHour
from felhom_hub.telemetry.periods import MONTH
from felhom_hub.telemetry.prune import LEAST, prune_hours, prune_issues, prune_summaries
from felhom_hub.telemetry.summarise import hour_of, summarise

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def make_hour(customer: Customer, days: float) -> None:
    TelemetryHour.objects.create(customer=customer, hour=hour_of(NOW - days * DAY), packed=b"")


def kept() -> list[float]:
    return [
        (hour_of(NOW) - hour) / 24 for hour in TelemetryHour.objects.order_by("-hour").values_list("hour", flat=True)
    ]


def test_hours_are_kept_as_long_as_reports() -> None:
    for customer_id in ("a", "b"):
        for days in (200, 91, 90, 30, 0):
            make_hour(make_customer(f"{customer_id}{days}"), days)

    assert sum(prune_hours(NOW - 90 * DAY, now=NOW)) == 4
    assert kept() == [0, 0, 30, 30, 90, 90]


def test_hours_that_a_page_looks_back_to_are_kept_however_short_reports_are() -> None:
    customer = make_customer("a")
    for days in (40, 32, 30, 2):
        make_hour(customer, days)

    assert sum(prune_hours(NOW - DAY, now=NOW)) == 2
    assert kept() == [2, 30]
    assert hour_of(NOW - LEAST) <= MONTH.first_hour(hour_of(NOW))


def test_what_was_summed_up_goes_when_no_period_reaches_it() -> None:
    store(make_customer("a"), NOW, app(100))
    summarise(NOW)

    assert list(prune_summaries(NOW + 29 * DAY)) == []
    assert sum(prune_summaries(NOW + 31 * DAY)) == 2
    assert (FleetHour.objects.count(), CustomerDay.objects.count()) == (0, 0)


def make_issue(customer: Customer, fingerprint: str, last: datetime) -> None:
    LogIssue.objects.create(
        customer=customer,
        app_name="immich",
        fingerprint=fingerprint,
        severity="error",
        count=1,
        first_seen_at=last,
        last_seen_at=last,
    )


def test_log_issues_that_were_not_seen_for_so_long_go() -> None:
    customer = make_customer("a")
    for days in (100, 91, 89, 40, 1):
        make_issue(customer, str(days), NOW - days * DAY)

    assert sum(prune_issues(NOW - 90 * DAY, now=NOW)) == 2
    assert sum(prune_issues(NOW - DAY, now=NOW)) == 2
    assert list(LogIssue.objects.values_list("fingerprint", flat=True)) == ["1"]
