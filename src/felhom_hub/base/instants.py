"""Points in time: aware UTC in code, milliseconds since 1970 in the database (`fields.py`), RFC 3339 on the wire."""

import re
from datetime import UTC, datetime, timedelta

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:(\d\d)(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LEAP_SECOND = "60"
# Seconds in a double are exact to a quarter of a microsecond up to here, the year 2106.
_EXACT_MILLISECONDS = 2**32 * 1000


def utc_now() -> datetime:
    """The hub's clock; edges take it once and pass it on.

    In whole milliseconds, as times are stored: what Python compares and what the database compares comes out alike.
    """
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def to_milliseconds(instant: datetime) -> int:
    """Whole milliseconds since 1970, rounded down."""
    return (instant - _EPOCH) // _MILLISECOND


def from_milliseconds(milliseconds: int) -> datetime:
    """The aware UTC time of a stored instant."""
    # Every time that a page reads comes through here; a sum takes half as long again, and by keyword three times.
    if -_EXACT_MILLISECONDS < milliseconds < _EXACT_MILLISECONDS:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    return _EPOCH + timedelta(0, 0, milliseconds * 1000)


def parse_rfc3339(text: str) -> datetime | None:
    """The UTC time that `text` names, or None when it is not an RFC 3339 time with an offset.

    Up to nine fractional digits are read; those below a microsecond are cut off. Second 60 counts as 59.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        return None
    if match[1] == _LEAP_SECOND:
        text = f"{text[: match.start(1)]}59{text[match.end(1) :]}"
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def rfc3339(instant: datetime | None) -> str | None:
    """`instant` in UTC with milliseconds and a Z, as all our answers write times."""
    if instant is None:
        return None
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
