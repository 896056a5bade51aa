import random
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, incoming, make_customer, record

from felhom_hub.customers.models import Customer
from felhom_hub.reports.drives import MOST_READ, DrivesAt, drive_history

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def found(days: int = 1) -> list[DrivesAt]:
    return drive_history(Customer.objects.get().pk, since=NOW - days * DAY, now=NOW)


def drive(name: str, percent: float | None, **members: Any) -> dict[str, Any]:
    return {"name": name, "path": f"/mnt/{name}", "percent": percent, "mounted": True, **members}


def test_every_drive_of_a_report_is_told_by_its_name() -> None:
    storage = [drive("system", 38), drive("hdd1", 91.5), drive("silent", None), drive("old", 3, state="decommissioned")]
    record([incoming(storage=storage), incoming(received_at=NOW - 15 * MINUTE, storage=[drive("hdd1", 91)])])

    assert found() == [
        DrivesAt(NOW - 15 * MINUTE, {"hdd1": 91.0}),
        DrivesAt(NOW, {"system": 38.0, "hdd1": 91.5}),
    ]


def test_of_many_reports_some_are_read_the_newest_among_them(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    record(
        [incoming(received_at=NOW - 4 * MINUTE * number, storage=[drive("a", number % 90)]) for number in range(360)]
    )

    pk = Customer.objects.get().pk
    with django_assert_num_queries(1):
        history = drive_history(pk, since=NOW - DAY, now=NOW)

    assert MOST_READ // 2 < len(history) <= MOST_READ + 1
    assert history[-1] == DrivesAt(NOW, {"a": 0.0})
    times = [each.received_at for each in history]
    assert times == sorted(times)
    assert max(after - before for before, after in pairwise(times)) < 2 * DAY / MOST_READ + 4 * MINUTE


def test_reports_without_drives_and_monsters_are_left_out() -> None:
    noise = "".join(random.Random(1).choices("0123456789abcdef", k=400_000))
    record([incoming(storage=None), incoming(received_at=NOW - MINUTE, storage=[drive("a", 1)], noise=noise)])

    assert found() == []
    assert drive_history(make_customer("b").pk, since=NOW - DAY, now=NOW) == []
