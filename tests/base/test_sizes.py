from datetime import date, timedelta

import pytest
from django.db import connection
from tests.build import NOW

from felhom_hub.base.models import DatabaseSize
from felhom_hub.base.sizes import (
    KEPT_DAYS,
    database_bytes,
    growth_a_day,
    noted_bytes,
    recall_size,
    record_size,
    sizes_since,
)

DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.mark.django_db
def test_the_size_is_that_of_the_database_as_it_lies_on_its_disk() -> None:
    size = database_bytes()

    assert size > 100_000
    if connection.vendor == "sqlite":
        assert size % 8192 == 0 or size > 8192


@pytest.mark.django_db
def test_a_day_has_one_row_with_its_last_size() -> None:
    DatabaseSize.objects.create(day=TODAY, size_bytes=1)

    size = record_size(NOW)
    record_size(NOW + DAY)

    assert sizes_since(TODAY) == [(TODAY, size), (TODAY + DAY, database_bytes())]


@pytest.mark.django_db
def test_the_newest_size_is_known_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("felhom_hub.base.sizes._noted", [])
    recall_size()
    assert noted_bytes() is None

    for age in (2, 1):
        DatabaseSize.objects.create(day=TODAY - timedelta(days=age), size_bytes=100 - age)
    recall_size()
    assert noted_bytes() == 99

    assert record_size(NOW) == noted_bytes()


@pytest.mark.django_db
def test_rows_beyond_the_kept_days_go() -> None:
    for age in (KEPT_DAYS + 1, KEPT_DAYS):
        DatabaseSize.objects.create(day=TODAY - timedelta(days=age), size_bytes=age)

    record_size(NOW)

    assert [day for day, _ in sizes_since(date.min)] == [TODAY - timedelta(days=KEPT_DAYS), TODAY]


def test_growth_needs_two_days() -> None:
    assert growth_a_day([]) is None
    assert growth_a_day([(TODAY, 500)]) is None


@pytest.mark.parametrize(
    ("sizes", "growth"),
    [
        ([(TODAY, 500), (TODAY + DAY, 700)], 200),
        ([(TODAY, 500), (TODAY + DAY, 9000), (TODAY + 4 * DAY, 900)], 100),
        ([(TODAY, 900), (TODAY + 2 * DAY, 500)], -200),
    ],
)
def test_growth_is_the_difference_by_the_days_between(sizes: list[tuple[date, int]], growth: float) -> None:
    assert growth_a_day(sizes) == growth
