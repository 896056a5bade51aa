from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.notify.backoff import GIVE_UP_AFTER, is_over, next_try


def pause(attempts: int, *, chance: float = 0.0, retry_after: timedelta | None = None) -> timedelta | None:
    at = next_try(attempts, now=NOW, first_tried_at=NOW, retry_after=retry_after, chance=chance)
    return None if at is None else at - NOW


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 30), (2, 60), (3, 120), (5, 480), (6, 900), (7, 900), (60_000, 900)]
)
def test_pauses_double_up_to_a_quarter_of_an_hour(attempts: int, seconds: int) -> None:
    assert pause(attempts) == timedelta(seconds=seconds)


def test_chance_takes_up_to_half_of_a_pause_away() -> None:
    assert [pause(2, chance=chance) for chance in (0.0, 0.5, 1.0)] == [
        timedelta(seconds=60),
        timedelta(seconds=45),
        timedelta(seconds=30),
    ]


def test_the_providers_wish_is_kept_in_full_and_shortens_nothing() -> None:
    assert pause(1, chance=1.0, retry_after=timedelta(minutes=5)) == timedelta(minutes=5)
    assert pause(6, retry_after=timedelta(seconds=1)) == timedelta(minutes=15)


def test_tries_end_before_the_provider_forgets_the_key() -> None:
    last = NOW + timedelta(hours=23)
    assert is_over(last, NOW)
    assert not is_over(last - timedelta(milliseconds=1), NOW)
    assert next_try(90, now=last - timedelta(minutes=16), first_tried_at=NOW, retry_after=None, chance=0) is not None
    assert next_try(90, now=last - timedelta(minutes=15), first_tried_at=NOW, retry_after=None, chance=0) is None
    assert timedelta(hours=24) > GIVE_UP_AFTER
