from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_customer
from tests.silences.silences import KATA, ZONE, made

from felhom_hub.silences.queries import (
    count_customers,
    ended_silences,
    lasting_silence,
    listed_silences,
    silences_at,
    tagged_customers,
)
from felhom_hub.silences.record import end_silence
from felhom_hub.silences.recurrence import Schedule

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def whys(silences: object) -> list[str]:
    return [getattr(each, "why", "") or each.known.why for each in silences]  # type: ignore[attr-defined]


def some() -> None:
    """One of each kind, seen at NOW."""
    made(why="active", schedule=Schedule(NOW - HOUR, NOW + HOUR))
    made(why="endless", schedule=Schedule(NOW - HOUR, None))
    made(why="coming", schedule=Schedule(NOW + HOUR, NOW + 2 * HOUR))
    made(why="over", schedule=Schedule(NOW - 2 * HOUR, NOW))
    made(why="nights", schedule=Schedule(NOW - DAY, NOW - HOUR, frozenset(range(7)), 22 * 60, 21 * 60))
    end_silence(made(why="ended early", schedule=Schedule(NOW - HOUR, NOW + HOUR)), now=NOW - HOUR / 2, by=KATA)


def test_a_decision_is_given_what_may_hold() -> None:
    some()

    # The last window of the nights began before its end, and may last into the next day.
    assert whys(silences_at(NOW)) == ["active", "endless", "nights"]


def test_the_page_is_given_what_holds_and_comes_and_what_is_over() -> None:
    some()

    assert whys(listed_silences(NOW, limit=9)) == ["active", "endless", "coming", "nights"]
    assert whys(listed_silences(NOW, limit=2)) == ["active", "endless"]
    assert whys(ended_silences(NOW, since=NOW - 7 * DAY, limit=9)) == ["over", "ended early", "nights"]
    assert whys(ended_silences(NOW, since=NOW - HOUR / 4, limit=9)) == ["over"]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_silences(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(count):
        customer = make_customer(f"c{number}", name=f"Customer {number}")
        made({customer.pk: customer.customer_id})

    with django_assert_num_queries(2):
        assert len(silences_at(NOW)) == count
    with django_assert_num_queries(2):
        (first, *_) = listed_silences(NOW, limit=9)
    assert first.customers == (("c0", "Customer 0"),)


def test_a_hub_without_silences_is_asked_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert silences_at(NOW) == []


def test_whom_silences_can_reach() -> None:
    make_customer("a", tags="digi, eger")
    make_customer("b")
    make_customer("blocked", tags="digi", blocked_at=NOW)

    assert count_customers() == 2
    assert [tags for _, tags in tagged_customers()] == ["digi, eger"]


def test_a_silence_lasts_until_it_is_over() -> None:
    number = made(schedule=Schedule(NOW, NOW + timedelta(hours=1)))
    ended = made()
    end_silence(ended, now=NOW, by=KATA)

    found = lasting_silence(number, NOW, ZONE)
    assert found is not None
    assert found.known.pk == number
    late = NOW + timedelta(hours=1)
    assert [lasting_silence(each, at, ZONE) for each, at in ((number, late), (ended, NOW), (0, NOW), (2**70, NOW))] == [
        None
    ] * 4
