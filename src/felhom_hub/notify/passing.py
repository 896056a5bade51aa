"""When an alarm is over that no event ends: a drive that fills up, heat, an app that is not well. Pure.

It stands until the box's readings say that it is over, or else until it has not come again for a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# Which meter tells of it, and from which of its two lines on it is an alarm (configs/thresholds.py).
METERED: Mapping[str, tuple[str, str]] = {
    "disk_warning": ("disk", "high"),
    "disk_critical": ("disk", "critical"),
    "temperature_high": ("temperature", "high"),
}
PASSING = frozenset((*METERED, "container_unhealthy"))
# A box says again what lasts.
PASSES_AFTER = timedelta(hours=24)
# A reading that swings around its line, or a box that has a lower one, must not end and begin an alarm at each report.
_SETTLES = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Passing:
    """One alarm of that kind that stands. `last_at` is when its newest event, `event_pk`, came."""

    pk: int
    subject: int
    event_type: str
    event_pk: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """What the newest report says of it, with the customer's line and when the report was made."""

    value: float
    line: float
    made_at: datetime


def is_over(alarm: Passing, reading: Reading | None, *, now: datetime) -> bool:
    """True where it stands no more. What a report from before its newest event says, says nothing of it."""
    if reading is None or reading.made_at <= alarm.last_at:
        return now >= alarm.last_at + PASSES_AFTER
    return reading.value < reading.line and reading.made_at >= alarm.last_at + _SETTLES
