from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection

from felhom_hub.base.models import Job
from felhom_hub.customers.models import Customer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 0, 0, 123_456, tzinfo=UTC)
NOON_MS = 1_795_435_200_123


def stored(name: str = "a") -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT next_at FROM base_job WHERE name = %s", [name])
        return cursor.fetchone()[0]


def test_a_time_is_stored_as_milliseconds_and_read_as_utc() -> None:
    Job.objects.create(name="a", next_at=NOON.astimezone(timezone(timedelta(hours=1))))

    found = Job.objects.get().next_at

    assert stored() == NOON_MS
    assert found == NOON.replace(microsecond=123_000)
    assert found.tzinfo is UTC


def test_no_time_is_null() -> None:
    Job.objects.create(name="a", next_at=NOON, started_at=None)

    assert [job.name for job in Job.objects.filter(started_at__isnull=True)] == ["a"]
    assert Job.objects.get().started_at is None


@pytest.mark.parametrize(
    ("lookup", "value", "is_found"),
    [
        ("next_at", NOON, True),
        ("next_at__lte", NOON, True),
        ("next_at__lt", NOON, False),
        ("next_at__gt", NOON - timedelta(milliseconds=1), True),
        ("next_at__gte", NOON + timedelta(milliseconds=1), False),
        ("next_at__in", [NOON], True),
        ("next_at__range", (NOON, NOON), True),
        ("next_at", NOON_MS, True),
    ],
)
def test_times_are_compared_as_times(lookup: str, value: object, is_found: bool) -> None:
    Job.objects.create(name="a", next_at=NOON)

    assert Job.objects.filter(**{lookup: value}).exists() is is_found


def test_values_lists_hold_times() -> None:
    Job.objects.create(name="a", next_at=NOON)

    assert list(Job.objects.values_list("next_at", "lease_until")) == [(NOON.replace(microsecond=123_000), None)]


def test_an_update_stores_milliseconds() -> None:
    Job.objects.create(name="a", next_at=NOON)

    Job.objects.update(next_at=NOON + timedelta(seconds=1))

    assert stored() == NOON_MS + 1000


def folded_texts() -> list[tuple[str, str]]:
    return list(Customer.everyone.order_by("pk").values_list("folded_name", "folded_town"))


def test_a_folded_text_is_written_with_the_text() -> None:
    Customer.objects.create(customer_id="a", name="Kovács Péter", town="GYŐR", created_at=NOON)
    Customer.objects.bulk_create([Customer(customer_id="b", name="Straße", created_at=NOON)])

    assert folded_texts() == [("kovacs peter", "gyor"), ("strasse", "")]


def test_a_folded_text_follows_every_change_of_the_text() -> None:
    customer = Customer.objects.create(customer_id="a", name="Kovács", town="Győr", created_at=NOON)

    customer.name = "Árvíz"
    customer.save()
    assert folded_texts() == [("arviz", "gyor")]

    Customer.objects.filter(pk=customer.pk).update(town="Vác", phone="1")
    assert folded_texts() == [("arviz", "vac")]

    Customer.everyone.update(name="", deleted_at=NOON)
    assert folded_texts() == [("", "vac")]
