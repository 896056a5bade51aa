"""A history with more reports than points: recorded in-process, since a real one takes weeks to receive."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.build import GLOBAL_KEY, incoming, record
from tests.structure.schema import misfits

from felhom_hub.project.openapi.document import openapi_document
from felhom_hub.reports.queries import MAX_POINTS

DOCUMENT = openapi_document()
EVERY = timedelta(minutes=15)


def history(customer_id: str, period: str) -> Any:
    answer = Client().get(
        f"/api/v1/customers/{customer_id}/history?period={period}", headers={"Authorization": f"Bearer {GLOBAL_KEY}"}
    )
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture
def ninety_days(db: None) -> int:  # noqa: ARG001 - it opens the database
    """A customer's reports of 90 days but for an hour, each CPU value its number modulo 10; how many they are."""
    begun = datetime.now(UTC) - timedelta(days=90) + timedelta(hours=1)
    count = int((timedelta(days=90) - timedelta(hours=2)) / EVERY)
    reports = (
        incoming(
            "kovacs-peter", received_at=begun + number * EVERY, system={"cpu_percent": float(number % 10)},
            health={"status": "fail" if number == 4000 else "ok"}, app_telemetry=[],
        )
        for number in range(count)
    )  # fmt: skip
    record(reports)
    return count


def test_long_history_comes_in_buckets_that_lose_nothing(ninety_days: int) -> None:
    found = history("kovacs-peter", "90d")
    points = found["points"]

    assert len(points) <= MAX_POINTS
    assert sum(point["reports"] for point in points) == ninety_days
    assert [point["received_at"] for point in points] == sorted(point["received_at"] for point in points)
    assert min(point["cpu_percent_min"] for point in points) == 0.0
    assert max(point["cpu_percent_max"] for point in points) == 9.0
    assert all(point["cpu_percent_min"] <= point["cpu_percent"] <= point["cpu_percent_max"] for point in points)
    assert [point["health"] for point in points].count("fail") == 1


def test_buckets_are_as_described(ninety_days: int) -> None:
    found = history("kovacs-peter", "90d")

    assert ninety_days > MAX_POINTS
    assert misfits(found, {"$ref": "#/components/schemas/History"}, DOCUMENT) == []


def test_shorter_period_comes_point_by_point(ninety_days: int) -> None:
    points = history("kovacs-peter", "24h")["points"]

    assert ninety_days > MAX_POINTS
    assert 90 <= len(points) <= 96
    assert not [point for point in points if "reports" in point]
