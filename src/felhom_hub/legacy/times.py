"""Reads the times of a Go hub's database, which writes them in several ways. Pure."""

import re
from datetime import UTC, datetime
from typing import Final

from felhom_hub.base.instants import parse_rfc3339

# RFC 3339, SQLite's `2026-02-20 18:53:24`, and what Go prints: `2026-02-20 18:53:24.123 +0100 CET m=+0.5`.
_TIME: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d:\d\d(?:\.\d{1,9})?)"
    r"(?: ?(?P<zone>[Zz]|[+-]\d\d:?\d\d))?(?: [A-Za-z]{1,5}| [+-]\d{2,4})?(?: m=[+-][\d.]{1,40})?",
    re.ASCII,
)
_MILLISECONDS_FROM: Final = 100_000_000_000  # a larger number cannot be seconds: the year 5138
_LARGEST: Final = 253_402_300_799_000  # the last second of the year 9999
_NEVER: Final = 1  # Go's zero time is of the year 1
_ZERO: Final = re.compile(r"0001-01-01[T ]00:00:00(\D.*)?", re.ASCII)


def read_time(value: object) -> datetime | None:
    """The UTC time of a column's value, in whole milliseconds; None for "never" and for what is no time.

    A time without a zone is UTC (contract 10); a number counts seconds or milliseconds since 1970.
    """
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    zone = found["zone"] or "Z"
    zone = zone if ":" in zone or zone in "Zz" else f"{zone[:3]}:{zone[3:]}"
    instant = parse_rfc3339(f"{found['day']}T{found['time']}{zone}")
    return None if instant is None or instant.year <= _NEVER else _whole(instant)


def is_never(value: object) -> bool:
    """True for nothing, 0 and Go's zero time: whoever wrote it had no time to write."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        return not value.strip() or _ZERO.fullmatch(value.strip()) is not None
    return value is None or value == 0


def _from_number(number: float) -> datetime | None:
    milliseconds = number if number >= _MILLISECONDS_FROM else number * 1000
    if not 0 < milliseconds <= _LARGEST:
        return None
    return _whole(datetime.fromtimestamp(milliseconds / 1000, UTC))


def _whole(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
