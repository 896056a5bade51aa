"""Lets long work go by in small portions, so that whoever waits for an answer meanwhile hardly notices.

A thread that computes holds the interpreter's lock, and the intake's thread waits for it: up to a millisecond each
time, many times a request (docs/performance.md).
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ending = threading.Event()
# Of each thread: what it works under, and whether it may go on.
_work = threading.local()


class Interrupted(Exception):
    """The hub is stopping, or may not hold any more what it works on; the work that rested just now ends."""


class Pace:
    """Work that takes at most `share` of the time; `rest()` after each portion of it.

    `wait` rests for so many seconds, and returns True when the hub is stopping. Work that never rests is interrupted at
    its portions all the same where its lease is lost.
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
        if _is_lost():
            raise Interrupted
        self._since = self._clock()


AT_ONCE = Pace()  # for whoever has nobody beside him: the demo's set-up, a test


def interrupt_all() -> None:
    """The hub is stopping: whatever rests, now or later, ends."""
    _ending.set()


def is_interrupted() -> bool:
    """True once the hub is stopping, and where this thread has lost what it works on."""
    return _ending.is_set() or _is_lost()


def interruption() -> Callable[[], bool]:
    """`is_interrupted` as this thread would ask it, for threads that work for it."""
    is_lost = getattr(_work, "is_lost", None)
    return lambda: _ending.is_set() or (is_lost is not None and is_lost())


@contextmanager
def interrupted_by(is_lost: Callable[[], bool]) -> Iterator[None]:
    """Within it this thread's work is interrupted from when `is_lost` says so; threads that it starts are not."""
    before = getattr(_work, "is_lost", None)
    _work.is_lost = is_lost
    try:
        yield
    finally:
        _work.is_lost = before


def _is_lost() -> bool:
    is_lost: Callable[[], bool] | None = getattr(_work, "is_lost", None)
    return is_lost is not None and is_lost()
