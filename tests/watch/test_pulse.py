from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.watch.pulse import Beat, Pulse, Reading


def reading(wall: float, running: float, awake: float) -> Reading:
    return Reading(NOW + timedelta(seconds=wall), timedelta(seconds=running), timedelta(seconds=awake))


def test_the_first_beat_of_a_process_tells_that_there_was_none_before() -> None:
    assert Pulse().beat(reading(0, 100, 50)) == Beat(NOW, "off", is_first=True)


@pytest.mark.parametrize(
    ("now", "cause", "is_set_back"),
    [
        (reading(5, 105, 55), "stalled", False),
        (reading(600, 700, 650), "stalled", False),  # stopped, or too busy
        (reading(600, 700, 55), "asleep", False),
        (reading(7205, 105, 55), "clock", False),
        (reading(-7195, 105, 55), "stalled", True),
        (reading(12, 105, 55), "stalled", False),
    ],
)
def test_two_clocks_tell_what_a_gap_comes_from(now: Reading, cause: str, is_set_back: bool) -> None:
    pulse = Pulse()
    pulse.landed(reading(0, 100, 50))

    beat = pulse.beat(now)

    assert (beat.cause, beat.is_set_back, beat.is_first) == (cause, is_set_back, False)


def test_a_refusing_intake_is_told_until_a_beat_has_landed() -> None:
    pulse = Pulse()
    pulse.landed(reading(0, 100, 50))
    assert not pulse.beat(reading(5, 105, 55), is_hearing=False).is_hearing
    assert pulse.beat(reading(60, 160, 110)).cause == "refused"

    pulse.landed(reading(60, 160, 110))

    assert pulse.beat(reading(120, 220, 170)).cause == "stalled"


def test_a_beat_that_could_not_be_stored_is_a_refusal() -> None:
    pulse = Pulse()
    pulse.landed(reading(0, 100, 50))
    pulse.missed()

    assert pulse.beat(reading(60, 160, 110)).cause == "refused"
