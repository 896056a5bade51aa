from datetime import date, timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW

from felhom_hub.base.models import DatabaseSize
from felhom_hub.base.sizes import (
    KEPT_DAYS,
    NOTED_FOR,
    database_bytes,
    note_size,
    record_size,
    size_now_or_noted,
    sizes_since,
)

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
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
def test_what_a_page_says_of_the_size_costs_no_query(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr("felhom_hub.base.sizes._noted", [])
    is_asked = connection.vendor == "postgresql"
    with django_assert_num_queries(0):
        assert size_now_or_noted() == (None if is_asked else (database_bytes(), None))

    with django_assert_num_queries(2 if is_asked else 0):
        for at in (NOW, NOW + NOTED_FOR - SECOND, NOW + NOTED_FOR):
            note_size(at)

    size, noted_at = size_now_or_noted() or (0, None)
    assert (size > 100_000, noted_at) == (True, NOW + NOTED_FOR if is_asked else None)


@pytest.mark.django_db
def test_a_clock_that_was_set_back_keeps_no_size_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("felhom_hub.base.sizes._noted", [(1, NOW + DAY)])

    note_size(NOW)

    noted = size_now_or_noted()
    assert noted is not None
    assert noted[1] in {None, NOW}


@pytest.mark.django_db
def test_rows_beyond_the_kept_days_go() -> None:
    for age in (KEPT_DAYS + 1, KEPT_DAYS):
        DatabaseSize.objects.create(day=TODAY - timedelta(days=age), size_bytes=age)

    record_size(NOW)

    assert [day for day, _ in sizes_since(date.min)] == [TODAY - timedelta(days=KEPT_DAYS), TODAY]
