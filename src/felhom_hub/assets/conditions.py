"""What a request's conditions ask for (RFC 9110, 13 and 14): nothing new, a part, or the whole. Pure."""

import re
from dataclasses import dataclass

_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')
# Several parts at once are answered with the whole, as the RFC allows: nobody downloads a logo so.
_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*([0-9]{0,18})-([0-9]{0,18})\s*", re.ASCII | re.IGNORECASE)


class NoSuchPartError(ValueError):
    """The part lies behind the end (416)."""


@dataclass(frozen=True)
class Part:
    """Bytes from `first` to `last`, both included."""

    first: int
    last: int


def is_known(if_none_match: str, etag: str) -> bool:
    """True where the caller has this very content already; weak tags count, as the RFC wants for this header."""
    return if_none_match.strip() == "*" or etag in _ENTITY_TAG.findall(if_none_match)


def part_of(wanted: str, size: int, *, if_range: str = "", etag: str = "") -> Part | None:
    """The part that the Range header asks for, None for the whole; raises NoSuchPartError.

    A header that cannot be read is no header, and one for another content (`if_range`) as well.
    """
    found = _ONE_RANGE.fullmatch(wanted)
    if found is None or not (found[1] or found[2]) or (if_range and if_range.strip() != etag):
        return None
    if not found[1]:  # the last so many bytes
        length = int(found[2])
        if length == 0 or size == 0:
            raise NoSuchPartError
        return Part(max(0, size - length), size - 1)
    first = int(found[1])
    if found[2] and int(found[2]) < first:
        return None
    if first >= size:
        raise NoSuchPartError
    return Part(first, min(int(found[2]), size - 1) if found[2] else size - 1)
