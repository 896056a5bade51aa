"""Where a page of a list begins, newest first, as its address says it: a time and a key. Pure."""

from datetime import datetime

from felhom_hub.base.instants import from_milliseconds, to_milliseconds

Cursor = tuple[datetime, int]

_MAX_DIGITS = 15


def cursor_words(cursor: Cursor | None) -> str:
    """As it stands in an address; empty for the first page."""
    return f"{to_milliseconds(cursor[0])}.{cursor[1]}" if cursor else ""


def read_cursor(text: str) -> Cursor | None:
    """What an address says; None for whatever cannot be."""
    moment, _, number = text.partition(".")
    if not all(part.isascii() and part.isdecimal() and len(part) <= _MAX_DIGITS for part in (moment, number)):
        return None
    try:
        return from_milliseconds(int(moment)), int(number)
    except (OverflowError, ValueError):
        return None
