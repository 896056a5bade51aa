"""Lets long work go by in small portions, so that whoever waits for an answer meanwhile hardly notices.

A thread that computes holds the interpreter's lock, and the intake's thread waits for it: up to a millisecond each
time, many times a request (docs/performance.md).
"""

import time
from collections.abc import Callable


class Pace:
    """Work that takes at most `share` of the time; `rest()` after each portion of it."""

    def __init__(
        self,
        share: float = 1.0,
        *,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rest_for = 1 / share - 1
        self._sleep = sleep
        self._clock = clock
        self._since = clock()

    def rest(self) -> None:
        """Waits as long as the portion asks for that was done since the last rest."""
        if self._rest_for > 0:
            self._sleep((self._clock() - self._since) * self._rest_for)
        self._since = self._clock()


AT_ONCE = Pace()  # for whoever has nobody beside him: the demo's set-up, a test
