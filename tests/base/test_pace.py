import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from felhom_hub.base import pace as tested
from felhom_hub.base.pace import AT_ONCE, Interrupted, Pace, interrupt_all, is_interrupted


class Clock:
    """A clock that only moves when somebody works or rests."""

    def __init__(self) -> None:
        self.now = 100.0
        self.rests: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.rests.append(seconds)
        self.now += seconds
        return False


def test_a_portion_is_followed_by_the_rest_that_its_share_asks_for() -> None:
    clock = Clock()
    pace = Pace(0.25, wait=clock.wait, clock=lambda: clock.now)

    for worked in (0.02, 0.0, 0.1):
        clock.now += worked
        pace.rest()

    assert clock.rests == pytest.approx([0.06, 0.0, 0.3])


def test_whoever_has_all_the_time_never_rests() -> None:
    clock = Clock()
    pace = Pace(wait=clock.wait, clock=lambda: clock.now)
    clock.now += 5
    pace.rest()

    assert clock.rests == []


def test_a_hub_that_stops_ends_what_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "_ending", ending := threading.Event())
    pace = Pace(0.001, wait=ending.wait)
    assert is_interrupted() is False

    interrupt_all()

    assert is_interrupted() is True
    with pytest.raises(Interrupted):
        pace.rest()
    AT_ONCE.rest()


def test_work_that_may_be_anothers_is_interrupted_in_its_own_thread_and_those_that_work_for_it() -> None:
    is_lost = False
    pace = Pace(0.99)
    with tested.interrupted_by(lambda: is_lost):
        for_helpers = tested.interruption()
        pace.rest()
        assert (is_interrupted(), for_helpers()) == (False, False)
        is_lost = True
        with ThreadPoolExecutor(1) as other:
            assert other.submit(is_interrupted).result() is False
            assert other.submit(for_helpers).result() is True
        assert is_interrupted() is True
        with pytest.raises(Interrupted):
            pace.rest()

    assert is_interrupted() is False
