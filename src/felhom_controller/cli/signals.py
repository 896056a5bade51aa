"""How commands notice that they shall stop."""

import signal
import time
from types import FrameType

_POLL_SECONDS = 0.1


class StopSignal:
    """Set by SIGTERM or SIGINT.

    The handler only writes an attribute: one that took a lock, as threading.Event does, could meet its own thread
    inside that lock.
    """

    def __init__(self) -> None:
        self.is_set = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self.is_set = True

    def wait(self, seconds: float) -> bool:
        """True once the signal has come; waits so many seconds for it at most, and a moment more."""
        end = time.monotonic() + seconds
        while not self.is_set and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
        return self.is_set
