"""Lets long work go by in small portions, so that whoever waits for an answer meanwhile hardly notices.

A thread that computes holds the interpreter's lock, and the intake's thread waits for it: up to a millisecond each
time, many times a request (docs/performance.md).
"""

import threading
import time
from collections.abc import Callable

_ending = threading.Event()


class Interrupted(Exception):
    """The hub is stopping, and the work that rested just now ends."""


class Pace:
    """Work that takes at most `share` of the time; `rest()` after each portion of it.

    `wait` rests for so many seconds, and returns True when the hub is stopping.
    """

    def __init__(
        self,
        share: float = 1.0,
        *,
        wait: Callable[[float], bool] = _ending.wait,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rest_for = 1 / share - 1
        self._wait = wait
        self._clock = clock
        self._since = clock()

    def rest(self) -> None:
        """Waits as long as the portion asks for that was done since the last rest; may raise Interrupted."""
        if self._rest_for > 0 and self._wait((self._clock() - self._since) * self._rest_for):
            raise Interrupted
        self._since = self._clock()


AT_ONCE = Pace()  # for whoever has nobody beside him: the demo's set-up, a test


def interrupt_all() -> None:
    """The hub is stopping: whatever rests, now or later, ends."""
    _ending.set()


def is_interrupted() -> bool:
    """True once the hub is stopping."""
    return _ending.is_set()
