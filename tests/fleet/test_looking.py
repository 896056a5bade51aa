from datetime import UTC, datetime, timedelta

import pytest

from felhom_hub.fleet.looking import Look, continued, is_worth_writing, seen_now

EVENING = datetime(2026, 3, 12, 20, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LOOK = Look(EVENING - 10 * MINUTE, EVENING, "evening", EVENING - timedelta(hours=8), "noon")


def test_a_page_that_goes_on_refreshing_goes_on_comparing_with_the_same_time() -> None:
    assert continued(LOOK, EVENING + 29 * MINUTE) == LOOK


def test_after_half_an_hour_away_and_after_a_night_it_is_compared_with_what_was_seen_last() -> None:
    for away in (timedelta(minutes=30), timedelta(hours=11)):
        morning = EVENING + away

        assert continued(LOOK, morning) == Look(morning, EVENING, "evening", EVENING, "evening")


def test_a_page_on_a_wall_begins_anew_after_twelve_hours() -> None:
    wall = LOOK._replace(began_at=EVENING - timedelta(hours=12))

    assert continued(wall, EVENING + MINUTE).before_at == EVENING
    assert is_worth_writing(wall, EVENING + MINUTE)


def test_what_has_been_shown_is_what_was_seen() -> None:
    now = EVENING + 6 * MINUTE

    assert seen_now(LOOK, "now", now) == LOOK._replace(seen_at=now, seen="now")
    assert seen_now(None, "first", now) == Look(now, now, "first", None, "")


@pytest.mark.parametrize(("minutes", "is_worth"), [(0, False), (4.9, False), (5, True), (600, True)])
def test_a_refresh_a_minute_is_no_write_a_minute(minutes: float, is_worth: bool) -> None:
    assert is_worth_writing(LOOK, EVENING + minutes * MINUTE) is is_worth
    assert is_worth_writing(None, EVENING)
