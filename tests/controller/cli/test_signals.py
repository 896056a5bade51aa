import signal
import threading
import time
from collections.abc import Iterator

import pytest

from felhom_controller.cli.signals import StopSignal

STOPPING = (signal.SIGTERM, signal.SIGINT)


@pytest.fixture(autouse=True)
def _handlers_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in STOPPING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", STOPPING)
def test_either_signal_sets_it_for_good(number: signal.Signals) -> None:
    stop = StopSignal()
    before = stop.is_set

    signal.raise_signal(number)

    assert (before, stop.is_set, stop.wait(0), stop.wait(60)) == (False, True, True, True)


def test_wait_without_a_signal_lasts_its_time_and_is_false() -> None:
    stop, began = StopSignal(), time.monotonic()

    assert stop.wait(0.15) is False
    assert time.monotonic() - began >= 0.15


def test_wait_ends_when_the_signal_comes() -> None:
    stop = StopSignal()
    main = threading.main_thread().ident
    assert main is not None
    sender = threading.Timer(0.2, signal.pthread_kill, (main, signal.SIGTERM))
    sender.start()

    assert stop.wait(600) is True
    sender.join()
