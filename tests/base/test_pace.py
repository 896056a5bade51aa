import pytest

from felhom_hub.base.pace import AT_ONCE, Pace


class Clock:
    """A clock that only moves when somebody works or sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_a_portion_is_followed_by_the_rest_that_its_share_asks_for() -> None:
    clock = Clock()
    pace = Pace(0.25, sleep=clock.sleep, clock=lambda: clock.now)

    for worked in (0.02, 0.0, 0.1):
        clock.now += worked
        pace.rest()

    assert clock.slept == pytest.approx([0.06, 0.0, 0.3])


def test_whoever_has_all_the_time_never_rests() -> None:
    clock = Clock()
    pace = Pace(sleep=clock.sleep, clock=lambda: clock.now)
    clock.now += 5
    pace.rest()

    assert clock.slept == []
    AT_ONCE.rest()
