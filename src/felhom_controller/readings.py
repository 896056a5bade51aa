"""Numbers that move like a machine's: day and night, working days, and noise that depends on seed and time alone."""

import math
import random
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

# Where the simulated customers live; the real controller uses its machine's own zone.
BUDAPEST = ZoneInfo("Europe/Budapest")

_NOISE_SIZE = 1 << 14  # minutes; about eleven days before a stream repeats itself
NOISE_MASK = _NOISE_SIZE - 1
_MINUTES_PER_DAY = 1_440


@lru_cache(maxsize=8)
def noise_of(seed: int) -> tuple[int, ...]:
    """The seed's noise: thousandths from -1000 to 1000, mostly small, seldom large.

    A place is taken with `NOISE_MASK`. Whole numbers, since a past of months is made of some hundred values a report.
    """
    draw = random.Random(f"{seed}:noise")
    return tuple(int(1_000 * draw.uniform(-1, 1) * draw.random()) for _ in range(_NOISE_SIZE))


def _curve(peaks: tuple[tuple[float, float, float], ...], floor: float) -> tuple[float, ...]:
    """Activity per minute of the day: a floor and bell-shaped peaks of (hour, width in hours, height)."""

    def activity(minute: int) -> float:
        hour = minute / 60
        bells = sum(height * math.exp(-(((hour - peak) / width) ** 2)) for peak, width, height in peaks)
        return floor + bells

    return tuple(activity(minute) for minute in range(_MINUTES_PER_DAY))


# The bell at half past two is the nightly backup.
_NIGHT = (2.6, 0.6, 0.7)
_HOUSEHOLD = _curve((_NIGHT, (7.5, 1.2, 0.35), (20.0, 2.6, 1.0)), 0.15)
_BUSINESS = _curve((_NIGHT, (10.5, 2.0, 0.95), (15.0, 2.0, 0.8)), 0.12)
_IDLE = _curve((_NIGHT,), 0.14)
_SATURDAY = 5


@lru_cache(maxsize=4_096)
def offset_seconds(hour: int) -> int:
    """Budapest's offset from UTC in the given hour since the epoch."""
    offset = datetime.fromtimestamp(hour * 3_600, BUDAPEST).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def activity_at(at: float, *, is_business: bool) -> float:
    """How busy a machine's people are, about 0.1 to 1.3."""
    local = int(at) + offset_seconds(int(at // 3_600))
    minute = local % 86_400 // 60
    if not is_business:
        return _HOUSEHOLD[minute]
    weekday = (local // 86_400 + 3) % 7  # 1 January 1970 was a Thursday
    return _BUSINESS[minute] if weekday < _SATURDAY else _IDLE[minute]


def local_timestamp(at: float, nanoseconds: int) -> str:
    """RFC 3339 with nine fractional digits and Budapest's offset, as the Go controllers write it."""
    offset = offset_seconds(int(at // 3_600))
    clock = datetime.fromtimestamp(int(at) + offset, UTC).isoformat()[:19]
    return f"{clock}.{nanoseconds:09d}+{offset // 3_600:02d}:00"


@lru_cache(maxsize=16_384)
def utc_text(at: int) -> str:
    """RFC 3339 in UTC with whole seconds."""
    return datetime.fromtimestamp(at, UTC).isoformat()[:19] + "Z"
