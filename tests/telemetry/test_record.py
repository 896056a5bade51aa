import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction
from tests.build import NOW, make_customer

from felhom_hub.base.db import Db
from felhom_hub.customers.models import Customer
from felhom_hub.reports.app_telemetry import read_apps
from felhom_hub.telemetry.models import LogIssue, TelemetryHour
from felhom_hub.telemetry.pack import AppHour, unpack_hour
from felhom_hub.telemetry.record import ReportedApps, record_telemetry

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ISSUE = ("app_name", "container_name", "fingerprint", "severity", "message", "count", "first_seen_at", "last_seen_at")


@pytest.fixture
def customer() -> Customer:
    return make_customer("a")


def reported(customer: Customer, at: datetime, *entries: Any) -> ReportedApps:
    return ReportedApps(customer.pk, at, read_apps(entries))


def app(memory: float = 1.0, **members: Any) -> dict[str, Any]:
    return {"app_name": "immich", "memory_avg_mb": memory, **members}


def issue(fingerprint: str = "f", count: int = 1, **members: Any) -> dict[str, Any]:
    return {"fingerprint": fingerprint, "count": count, "message": f"message of {fingerprint}", **members}


def with_issues(*issues: dict[str, Any]) -> dict[str, Any]:
    return app(top_issues=list(issues))


def store(*reports: ReportedApps) -> None:
    with transaction.atomic():
        record_telemetry(Db(), reports)


def hours() -> dict[tuple[str, int], list[AppHour]]:
    """The apps of each stored hour, by customer and hours after noon."""
    noon = int(NOW.timestamp()) // 3600
    rows = TelemetryHour.objects.values_list("customer__customer_id", "hour", "packed")
    return {(customer_id, hour - noon): unpack_hour(bytes(packed)).apps for customer_id, hour, packed in rows}


def memory() -> dict[tuple[str, int], dict[str, list[int]]]:
    return {place: {each.app_name: each.memory for each in apps} for place, apps in hours().items()}


def issues() -> list[tuple[Any, ...]]:
    return sorted(LogIssue.objects.values_list(*ISSUE))


def test_a_report_makes_the_row_of_its_hour(customer: Customer) -> None:
    store(reported(customer, NOW + 59 * MINUTE, app(790.4, catalog_memory_limit_mb=2048)))

    assert hours() == {("a", 0): [AppHour("immich", "immich", None, 2048, None, None, None, [7904], [], 3540)]}


def test_reports_of_an_hour_share_a_row_in_one_batch_or_in_several(customer: Customer) -> None:
    store(reported(customer, NOW, app(1)), reported(customer, NOW + 15 * MINUTE, app(2), {"app_name": "gitea"}))
    store(reported(customer, NOW + 30 * MINUTE, app(3)))
    store(reported(customer, NOW + 60 * MINUTE, app(4)), reported(customer, NOW - MINUTE, app(5)))

    assert memory() == {
        ("a", -1): {"immich": [50]},
        ("a", 0): {"immich": [10, 20, 30], "gitea": []},
        ("a", 1): {"immich": [40]},
    }


def test_customers_have_rows_of_their_own(customer: Customer) -> None:
    other = make_customer("b")

    store(reported(customer, NOW, app(1)), reported(other, NOW, app(2)), reported(other, NOW, app(3)))

    assert memory() == {("a", 0): {"immich": [10]}, ("b", 0): {"immich": [20, 30]}}


@pytest.mark.parametrize("entries", [[], [{}], ["x"]])
def test_a_report_without_apps_leaves_no_row(customer: Customer, entries: Sequence[Any]) -> None:
    store(reported(customer, NOW, *entries))

    assert hours() == {}


def test_an_issue_makes_a_row_with_when_it_was_seen(customer: Customer) -> None:
    seen = {"first_seen": "2026-11-20T01:00:00Z", "last_seen": "2026-11-23T11:00:00Z"}

    store(reported(customer, NOW, with_issues(issue(count=3, severity="warning", container_name="web", **seen))))

    first, last = datetime(2026, 11, 20, 1, tzinfo=UTC), datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert issues() == [("immich", "web", "f", "warning", "message of f", 3, first, last)]


def test_an_issue_that_does_not_say_when_was_seen_by_its_reports(customer: Customer) -> None:
    for minutes in (10, 0, 25):
        store(reported(customer, NOW + minutes * MINUTE, with_issues(issue(count=minutes + 1))))

    assert issues() == [("immich", "", "f", "error", "message of f", 26, NOW, NOW + 25 * MINUTE)]


def test_issues_are_told_apart_by_customer_app_container_and_fingerprint(customer: Customer) -> None:
    other = make_customer("b")
    twice = [issue("f", container_name="web"), issue("f", container_name="db"), issue("g", container_name="web")]

    store(reported(customer, NOW, with_issues(*twice), {"app_name": "gitea", "issues": twice}))
    store(reported(other, NOW, with_issues(*twice)))

    places = ("customer__customer_id", "app_name", "container_name", "fingerprint")
    expected = [("a", "gitea"), ("a", "immich"), ("b", "immich")]
    assert sorted(LogIssue.objects.values_list(*places)) == [
        (*place, *each) for place in expected for each in (("db", "f"), ("web", "f"), ("web", "g"))
    ]


def test_what_was_seen_last_counts(customer: Customer) -> None:
    newer = issue(count=3, message="newer", severity="warning", last_seen="2026-11-23T11:00:00Z")
    older = issue(count=9, message="older", severity="error", last_seen="2026-11-23T10:00:00Z")

    store(reported(customer, NOW, with_issues(newer)))
    store(reported(customer, NOW + MINUTE, with_issues(older)))

    ((_, _, _, *latest, first, last),) = issues()
    assert latest == ["warning", "newer", 3]
    assert (first, last) == (NOW, datetime(2026, 11, 23, 11, tzinfo=UTC))


def test_an_issue_that_is_gone_keeps_its_row_and_may_come_back(customer: Customer) -> None:
    store(reported(customer, NOW, with_issues(issue(count=3))))
    store(reported(customer, NOW + MINUTE, app()))
    store(reported(customer, NOW + 2 * MINUTE, with_issues(issue(count=1))))

    assert issues() == [("immich", "", "f", "error", "message of f", 1, NOW, NOW + 2 * MINUTE)]


REPORTS: list[tuple[int, list[dict[str, Any]]]] = [
    (0, [issue("f", 1), issue("g", 1)]),
    (15, [issue("f", 2)]),
    (30, []),
    (75, [issue("f", 2), issue("g", 5, first_seen="2026-11-01T00:00:00Z")]),
]


@pytest.mark.parametrize("order", list(permutations(range(len(REPORTS)))), ids=str)
def test_in_whichever_order_reports_come_they_leave_the_same_issues(customer: Customer, order: tuple[int, ...]) -> None:
    for index in order:
        minutes, seen = REPORTS[index]
        store(reported(customer, NOW + minutes * MINUTE, with_issues(*seen)))

    month = datetime(2026, 11, 1, tzinfo=UTC)
    assert issues() == [
        ("immich", "", "f", "error", "message of f", 2, NOW, NOW + 75 * MINUTE),
        ("immich", "", "g", "error", "message of g", 5, month, NOW + 75 * MINUTE),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_batches_or_not_the_rows_are_the_same(customer: Customer, seed: int) -> None:
    draw = random.Random(seed)
    reports = [
        reported(
            customer,
            NOW + draw.randrange(300) * MINUTE,
            app(draw.randrange(100), top_issues=[issue(draw.choice("fgh"), draw.randrange(1, 9))]),
        )
        for _ in range(12)
    ]

    store(*reports)
    together = (memory(), issues())
    TelemetryHour.objects.all().delete()
    LogIssue.objects.all().delete()
    for report in reports:
        store(report)

    assert (memory(), issues()) == together


def test_the_same_issues_again_write_no_rows(customer: Customer) -> None:
    seen: dict[str, Any] = {"first_seen": "2026-11-20T01:00:00Z", "last_seen": "2026-11-23T11:00:00Z"}
    store(reported(customer, NOW, with_issues(issue(**seen))))
    LogIssue.objects.update(message="")

    store(reported(customer, NOW + 15 * MINUTE, with_issues(issue(**seen))))
    assert [row[4] for row in issues()] == [""]

    store(reported(customer, NOW + HOUR, with_issues(issue(**seen))))
    assert [row[4] for row in issues()] == ["message of f"]
