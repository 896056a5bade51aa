import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW
from tests.two_hubs import locked

from felhom_hub.fleet.changes import Then, Trouble
from felhom_hub.fleet.models import Visit
from felhom_hub.fleet.visits import forget_visits, look_of, note_look

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CALM, STORM = Trouble(frozenset(), frozenset()), Trouble(frozenset({1, 2}), frozenset({3}))


def look(viewer: str, trouble: Trouble, at: Any) -> Then | None:
    """One request of the overview; what it is compared with."""
    looking = look_of(viewer, now=at)
    note_look(looking, trouble, now=at)
    return looking.then


def test_the_first_look_ever_has_nothing_to_compare_with() -> None:
    assert look("a", CALM, NOW) is None
    assert look("a", STORM, NOW + MINUTE) is None


def test_after_a_night_it_is_compared_with_the_evening_and_stays_so_while_it_is_read() -> None:
    look("a", CALM, NOW)
    look("a", STORM, NOW + 10 * MINUTE)
    morning = NOW + 11 * HOUR

    found = [look("a", CALM, morning + minutes * MINUTE) for minutes in range(25)]

    assert set(found) == {Then(NOW + 10 * MINUTE, STORM)}
    assert look("a", CALM, morning + 10 * HOUR) == Then(morning + 20 * MINUTE, CALM)


def test_browsers_do_not_disturb_each_other_but_a_new_session_goes_on_from_the_last_one() -> None:
    look("a", STORM, NOW)
    look("b", CALM, NOW + HOUR)

    assert look("a", CALM, NOW + 3 * HOUR) == Then(NOW, STORM)
    assert look("c", CALM, NOW + 9 * HOUR) == Then(NOW + 3 * HOUR, CALM)


def test_without_login_there_is_one_look_for_all() -> None:
    look("", STORM, NOW)

    assert look("", CALM, NOW + HOUR) == Then(NOW, STORM)


def test_a_refresh_that_tells_nothing_new_is_one_question_and_no_write() -> None:
    look("a", CALM, NOW)

    with CaptureQueriesContext(connection) as queries:
        look("a", STORM, NOW + MINUTE)

    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]
    assert Visit.objects.get().seen_at == NOW


def test_of_two_tabs_at_the_same_moment_one_writes() -> None:
    look("a", CALM, NOW)
    later = NOW + HOUR
    first, second = look_of("a", now=later), look_of("a", now=later)

    note_look(first, STORM, now=later)
    note_look(second, CALM, now=later + MINUTE)

    assert (Visit.objects.get().seen_at, Visit.objects.get().seen) == (later, "[[1,2],[3]]")


def test_a_full_disk_takes_nothing_away_but_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(Visit.objects, "bulk_create", full)

    assert look("a", CALM, NOW) is None
    assert not Visit.objects.exists()


def test_browsers_that_stay_away_are_forgotten() -> None:
    look("old", CALM, NOW)
    look("new", CALM, NOW + timedelta(days=60))

    assert forget_visits(NOW + timedelta(days=91)) == 1
    assert [visit.viewer for visit in Visit.objects.all()] == ["new"]


@pytest.mark.django_db(transaction=True)
def test_a_look_does_not_wait_for_a_lock_and_the_next_one_is_remembered() -> None:
    began = time.monotonic()
    with locked("fleet_visit"):
        look("a", CALM, NOW)
    took = time.monotonic() - began
    assert Visit.objects.count() == 0

    look("a", STORM, NOW + MINUTE)
    assert Visit.objects.get().seen_at == NOW + MINUTE
    # The usual wait is five seconds.
    assert took < 3
