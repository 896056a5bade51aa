from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_customer
from tests.silences.silences import KATA, ZONE, made

from felhom_hub.silences.listing import Now, count_active, listing
from felhom_hub.silences.models import Silence
from felhom_hub.silences.record import end_silence
from felhom_hub.silences.recurrence import Schedule

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_an_empty_hub_lists_nothing() -> None:
    make_customer("a")

    found = listing(NOW, ZONE)
    assert (found.rows, found.over, found.now, found.is_cut) == ([], [], Now(0, "none", 0, ""), False)


def test_those_that_hold_come_first_soonest_end_first_then_those_that_come() -> None:
    made(why="endless", schedule=Schedule(NOW, None))
    made(why="long", schedule=Schedule(NOW, NOW + 9 * DAY))
    made(why="nights", schedule=Schedule(NOW, None, frozenset((6,)), 120, 240))
    made(why="tomorrow", schedule=Schedule(NOW + DAY, NOW + 2 * DAY))
    made(why="short", schedule=Schedule(NOW, NOW + HOUR))

    rows = listing(NOW, ZONE).rows
    assert [(row.why, row.state, row.is_active) for row in rows] == [
        ("short", "Active, 1 h left", True),
        ("long", "Active, 9 d left", True),
        ("endless", "Active, until it is ended", True),
        ("tomorrow", "next Tue 24 Nov 2026, 13:00", False),
        ("nights", "next Sun 29 Nov 2026, 02:00", False),
    ]
    assert [row.repeats for row in rows] == [False] * 4 + [True]
    assert count_active(NOW, ZONE) == 3


def test_what_is_over_says_how_long_it_lasted_and_what_it_held_back() -> None:
    early = made(why="Hub update", schedule=Schedule(NOW - 2 * HOUR, NOW + HOUR))
    Silence.objects.update(held_back=7)
    end_silence(early, now=NOW - HOUR, by=KATA)
    made(why="Provider outage", tag="digi", schedule=Schedule(NOW - 3 * HOUR, NOW))
    made(why="long ago", schedule=Schedule(NOW - 9 * DAY, NOW - 8 * DAY))

    assert [(each.why, each.words, each.ended_at) for each in listing(NOW, ZONE).over] == [
        ("Provider outage", "servers with the tag digi, 3 h, 0 messages held back", NOW),
        ("Hub update", "all servers, 1 h, 7 messages held back, ended early by kata", NOW - HOUR),
    ]


def test_what_is_silent_right_now() -> None:
    anna, ede = make_customer("anna", name="Kiss Anna", tags="digi"), make_customer("ede", tags="digi")
    make_customer("ida")
    made({anna.pk: "anna"}, schedule=Schedule(NOW, NOW + DAY))
    made(tag="digi", schedule=Schedule(NOW, NOW + HOUR))
    made({ede.pk: "ede"}, schedule=Schedule(NOW + HOUR, None))
    Silence.objects.update(held_back=2)

    assert listing(NOW, ZONE).now == Now(2, "2 of 3", 4, "1 d, Kiss Anna")
    made()
    assert listing(NOW, ZONE).now.servers == "all 3"


def test_a_silence_of_a_deleted_customer_is_not_called_one_for_all() -> None:
    customer = make_customer("anna")
    made({customer.pk: "anna"})
    customer.silences.all().delete()

    assert listing(NOW, ZONE).rows[0].reach == "customers that have been deleted"


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(count):
        customer = make_customer(f"c{number}", tags="digi")
        made({customer.pk: customer.customer_id})
        made(tag="digi")
        made(schedule=Schedule(NOW - HOUR, NOW))

    with django_assert_num_queries(6):
        assert len(listing(NOW, ZONE).rows) == 2 * count


def test_more_than_a_page_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("felhom_hub.silences.listing.MOST", 2)
    for _ in range(3):
        made()

    found = listing(NOW, ZONE)
    assert (len(found.rows), found.is_cut) == (2, True)
