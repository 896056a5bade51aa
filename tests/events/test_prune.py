from datetime import timedelta

import pytest
from tests.build import NOW, incoming_event, make_customer, record_all_events

from felhom_hub.events import prune
from felhom_hub.events.counts import move_window
from felhom_hub.events.models import Event, EventCount
from felhom_hub.events.prune import prune_events

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_rooms_above(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing follows from an event here, and so nothing refers to it."""
    monkeypatch.setattr("felhom_hub.events.consequences._rooms", {})


def happen(*ages: timedelta) -> None:
    record_all_events([incoming_event("a", received_at=NOW - age) for age in ages])


def removed(days: float, needed: frozenset[int] = frozenset()) -> int:
    return sum(prune_events(NOW - days * DAY, now=NOW, needed=needed.intersection))


def ages() -> list[timedelta]:
    return [NOW - at for at in Event.objects.order_by("-created_at").values_list("created_at", flat=True)]


def shown() -> tuple[int, int]:
    return EventCount.objects.values_list("errors", "warnings").get()


def test_events_beyond_the_edge_go_and_all_others_stay() -> None:
    make_customer("a")
    happen(200 * DAY, 91 * DAY, 90 * DAY, HOUR)

    assert removed(90) == 2
    assert ages() == [HOUR, 90 * DAY]


def test_what_a_room_above_refers_to_stays() -> None:
    happen(*(days * DAY for days in (99, 98, 97)))
    needed = Event.objects.order_by("created_at")[1]

    assert removed(90, frozenset({needed.pk})) == 2
    assert list(Event.objects.all()) == [needed]


def test_more_events_than_are_looked_at_in_one_go_all_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune, "_MOST_GATHERED", 3)
    happen(*[99 * DAY] * 5, *(days * DAY for days in (98, 97, 96, 1)))
    needed = frozenset(Event.objects.order_by("created_at", "pk").values_list("pk", flat=True)[:4])

    assert removed(90, needed) == 4
    assert Event.objects.count() == 5


def test_the_counts_of_the_last_day_stay_what_they_are() -> None:
    move_window(NOW)
    happen(200 * DAY, HOUR, 23 * HOUR, 25 * HOUR)
    before = shown()

    assert removed(90) == 1

    assert before == shown() == (2, 0)
    move_window(NOW + 2 * HOUR)
    assert shown() == (1, 0)


def test_a_hub_that_was_off_for_longer_than_it_keeps_events_counts_none_of_them_for_ever() -> None:
    move_window(NOW - 10 * DAY)
    happen(10 * DAY, 9.5 * DAY, HOUR)
    assert shown() == (3, 0)

    assert removed(1) == 2

    assert shown() == (1, 0)
    move_window(NOW + DAY)
    assert shown() == (0, 0)


def test_nothing_old_is_nothing_removed() -> None:
    assert list(prune_events(NOW - DAY, now=NOW, needed=frozenset[int]().intersection)) == []
