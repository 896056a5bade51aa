"""The time of a page and the spans of silence, in the milliseconds that the fleet's rows are read in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from felhom_hub.base.instants import to_milliseconds
from felhom_hub.reports.summary import thresholds

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """From `stale_ms` of silence on a server is WARN, beyond `down_ms` it is DOWN."""

    now: datetime
    now_ms: int
    stale_ms: int
    down_ms: int


def clock_at(now: datetime) -> Clock:
    """The clock of a page made at `now`, with the thresholds in force."""
    limits = thresholds()
    return Clock(now, to_milliseconds(now), limits.stale // _MILLISECOND, limits.down // _MILLISECOND)
