from collections.abc import Iterator, Sequence

import pytest
from tests.build import NOW

from felhom_hub.base import portions
from felhom_hub.base.db import Db
from felhom_hub.base.models import Job, Pulse
from felhom_hub.base.portions import MOST_ROWS, TARGET_SECONDS, next_size, remove_found, remove_in_portions

pytestmark = pytest.mark.django_db


def pulses(count: int) -> list[int]:
    Pulse.objects.bulk_create([Pulse(pk=number, at=NOW) for number in range(1, count + 1)])
    return list(range(1, count + 1))


def remove(db: Db, pks: Sequence[int]) -> int:
    return db.delete(Pulse, pks)


def clock_of(*seconds: float) -> Iterator[float]:
    """What a clock says before and after each portion, of which the last takes for ever."""
    now = 0.0
    for each in seconds:
        yield now
        now += each
        yield now
    while True:
        yield now


@pytest.mark.parametrize(
    ("size", "seconds", "following"),
    [
        (50, 0.0, 100),
        (50, TARGET_SECONDS / 2, 50),
        (50, TARGET_SECONDS, 50),
        (1500, 0.001, MOST_ROWS),
        (2000, 0.001, MOST_ROWS),
        (1000, TARGET_SECONDS * 4, 250),
        (15, 9.0, 10),
    ],
)
def test_a_portion_is_as_large_as_the_time_of_the_one_before_allows(size: int, seconds: float, following: int) -> None:
    assert next_size(size, seconds) == following


def test_all_go_in_portions_that_grow_to_2000_at_most() -> None:
    pks = pulses(8000)
    moments = clock_of()

    counts = list(remove_in_portions(pks, remove, clock=lambda: next(moments)))

    assert counts == [50, 100, 200, 400, 800, 1600, 2000, 2000, 850]
    assert not Pulse.objects.exists()


def test_a_slow_disk_gets_small_portions() -> None:
    pks = pulses(200)
    moments = clock_of(*[1.0] * 20)

    assert list(remove_in_portions(pks, remove, clock=lambda: next(moments))) == [50, *[10] * 15]


def test_rows_go_in_the_order_of_their_keys() -> None:
    seen: list[int] = []

    def note(_db: Db, pks: Sequence[int]) -> int:
        seen.extend(pks)
        return len(pks)

    list(remove_in_portions([5, 3, 9, 1], note))

    assert seen == [1, 3, 5, 9]


def test_what_was_removed_stays_so_when_the_caller_stops() -> None:
    pks = pulses(300)
    begun = remove_in_portions(pks, remove)

    assert next(begun) == 50
    begun.close()
    assert Pulse.objects.count() == 250


def test_what_several_queries_find_is_removed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    pulses(40)
    queries = [Pulse.objects.filter(pk__lte=25), Pulse.objects.filter(pk__gt=30)]

    assert list(remove_found(queries, remove)) == [35]
    assert list(Pulse.objects.order_by("pk").values_list("pk", flat=True)) == [26, 27, 28, 29, 30]
    monkeypatch.setattr(portions, "MOST_GATHERED", 2)
    assert list(remove_found([Pulse.objects.all()], remove)) == [2, 2, 1]


def test_nothing_found_is_nothing_removed() -> None:
    assert list(remove_found([Job.objects.none()], remove)) == []
