"""The pulse of one hub: what each of its beats tells of the time since the one before. Pure; clocks are given."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Cause = Literal["off", "refused", "asleep", "clock", "stalled"]

# By so much two clocks may part between two beats, until it means that one was set or that the machine slept.
TOLERANCE = timedelta(seconds=10)


@dataclass(frozen=True)
class Reading:
    """One look at the clocks: the wall's, and two that nobody sets.

    `running` counts while the machine sleeps (CLOCK_BOOTTIME), `awake` does not (CLOCK_MONOTONIC).
    """

    at: datetime
    running: timedelta
    awake: timedelta


@dataclass(frozen=True)
class Beat:
    """A hub could hear at `at`; `cause` is what a gap before it comes from."""

    at: datetime
    cause: Cause
    is_first: bool = False  # of its process
    is_hearing: bool = True  # false while the intake refuses: such a beat only tries the database
    is_set_back: bool = False  # the clock was set back since the beat before


class Pulse:
    """Makes the beats of one process."""

    def __init__(self) -> None:
        self._last: Reading | None = None
        self._is_refused = False

    def beat(self, reading: Reading, *, is_hearing: bool = True) -> Beat:
        """The beat of this moment; `landed` is told when it is stored."""
        if not is_hearing:
            self.missed()
        last = self._last
        if last is None:
            return Beat(reading.at, "off", is_first=True, is_hearing=is_hearing)
        set_by = (reading.at - last.at) - (reading.running - last.running)
        slept = (reading.running - last.running) - (reading.awake - last.awake)
        return Beat(reading.at, self._cause(set_by, slept), is_hearing=is_hearing, is_set_back=set_by < -TOLERANCE)

    def landed(self, reading: Reading) -> None:
        """The beat of that reading is stored, and was one of hearing."""
        self._last = reading
        self._is_refused = False

    def missed(self) -> None:
        """The intake refuses, or the beat could not be stored."""
        self._is_refused = True

    def _cause(self, set_by: timedelta, slept: timedelta) -> Cause:
        if set_by > TOLERANCE:
            return "clock"
        if slept > TOLERANCE:
            return "asleep"
        return "refused" if self._is_refused else "stalled"
