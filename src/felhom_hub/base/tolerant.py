"""Reads what strangers send: JSON that is only nearly right, and values of whatever type they happen to have.

A value that cannot be read is None, never a guess and never 0 (contract 1.1). Pure: no Django, no clock.
"""

import json
import re
import sys
from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate
from typing import Any, NoReturn

import msgspec

from felhom_hub.base.instants import parse_rfc3339

MAX_NESTING = 64  # contract 1.5
LARGEST_NUMBER = 1e15  # beyond it no percentage, size, temperature or age is believable
_NUMBER_TYPES = (float, int)
_ALL_BUT_BRACKETS_AND_QUOTES = bytes(byte for byte in range(256) if byte not in b'{}[]"')
_ONE_KIND = bytes.maketrans(b"{}", b"[]")  # whether the kinds match is the decoder's business
# How far each of them leads down (255 is -1), and beyond how many to count is quicker than 64 rounds of replacing.
_STEPS = bytes.maketrans(b"[]", b"\x01\xff")
_MANY_BRACKETS = 16_384
_SURROGATE = re.compile("[\ud800-\udfff]")
# They turn the order of whatever stands behind them, up to the end of the line: a name with one of them would rewrite
# the sentence or the title that it is put into.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"\s*([+-]?\d{1,15}(?:\.\d{1,15})?)\s*%?\s*", re.ASCII)
_LONGEST_NUMBER = 64  # as text; the pattern takes quadratic time over a long run of spaces
# Go writes its zero time, of the year 1, where it means "never"; the last year's end lies, in zones east of UTC, in a
# year that Python does not have.
_YEARS = range(2, 9999)


class BadJsonError(ValueError):
    """The bytes are not a JSON document that we read; the message says why, for the sender."""


_decoder = msgspec.json.Decoder()
# What msgspec raises for a body that it does not take: after `require_shallow` it may still meet one that is nested
# without end and not closed.
DECODER_ERRORS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def decode_json(body: bytes) -> Any:
    """The document in `body`.

    What RFC 8259 allows is read, lone surrogates and huge numbers included; where a key stands twice the last one
    counts. Raises BadJsonError for anything else, NaN and nesting beyond MAX_NESTING included.
    """
    require_shallow(body)
    try:
        return _decoder.decode(body)
    except DECODER_ERRORS:
        return _decode_slowly(body)


def require_shallow(body: bytes) -> None:
    """Raises BadJsonError when `body` is JSON that is nested deeper than MAX_NESTING.

    What is no JSON may pass, and is for the decoder to refuse (DECODER_ERRORS).
    """
    if not _is_surely_shallow(body) and _is_nested_too_deep(body):
        raise BadJsonError(f"it is nested deeper than {MAX_NESTING} levels")


def _decode_slowly(body: bytes) -> Any:
    """What msgspec refuses although JSON's grammar allows it: lone surrogates and numbers beyond a double."""
    try:
        text = body.decode("utf-8")
        return json.loads(text, parse_constant=_refuse_constant, parse_int=_integer, parse_float=_finite)
    except BadJsonError:
        raise
    except UnicodeDecodeError as error:
        raise BadJsonError(f"byte {error.start} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise BadJsonError(f"{error.msg.removesuffix(' at')} at character {error.pos}") from None
    except RecursionError:
        raise BadJsonError(f"it is nested deeper than {MAX_NESTING} levels") from None


def _refuse_constant(name: str) -> NoReturn:
    raise BadJsonError(f"{name} is not a JSON value")


def _integer(digits: str) -> int | float:
    # int() of a very long text takes quadratic time, and Python refuses it beyond 4,300 digits.
    return int(digits) if len(digits) <= 19 else _finite(digits[:400])  # noqa: PLR2004 - 19 digits hold 64 bits


def _finite(digits: str) -> float:
    """The largest double in the place of infinity, which JSON cannot say again."""
    return max(-sys.float_info.max, min(float(digits), sys.float_info.max))


def _is_surely_shallow(body: bytes) -> bool:
    """True of a small report, without a look at its texts; brackets within them only add to what is counted.

    No place in the first half lies deeper than brackets open in it, and none in the second than close in it.
    """
    middle = len(body) // 2
    opening = body.count(b"{", 0, middle) + body.count(b"[", 0, middle)
    return opening <= MAX_NESTING and body.count(b"}", middle) + body.count(b"]", middle) <= MAX_NESTING


def _is_nested_too_deep(body: bytes) -> bool:
    """True beyond MAX_NESTING; without a loop in Python over the body, since large reports come through here.

    Each round of replacing takes the innermost level away, at the speed of memory.
    """
    brackets = _brackets_outside_texts(body)
    if len(brackets) > _MANY_BRACKETS:
        return max(accumulate(memoryview(brackets.translate(_STEPS)).cast("b"))) > MAX_NESTING
    for _ in range(MAX_NESTING):
        brackets = brackets.replace(b"[]", b"")
        if not brackets:
            return False
    if b"[]" in brackets:
        return True
    depth = 0
    for byte in brackets:  # what is left does not match: unless it is deep, the decoder says where
        depth += 1 if byte == ord("[") else -1
        if depth > MAX_NESTING:
            return True
    return False


def _brackets_outside_texts(body: bytes) -> bytes:
    """All brackets as square ones. In linear time: a pattern would try an open text again from each quote in it.

    Without escapes, what stands between every second pair of quotes is text.
    """
    if b"\\" in body:
        body = body.replace(rb"\\", b"").replace(rb"\"", b"")
    skeleton = body.translate(_ONE_KIND, _ALL_BUT_BRACKETS_AND_QUOTES)
    brackets = skeleton.replace(b'""', b"")  # texts without brackets: nearly always that is all of them
    return b"".join(skeleton.split(b'"')[::2]) if b'"' in brackets else brackets


def as_number(value: object) -> float | None:
    """A finite number of believable size, also from text such as "61.2" or "41 %"."""
    if type(value) is str:
        match = _NUMBER.fullmatch(value) if len(value) <= _LONGEST_NUMBER else None
        value = float(match[1]) if match else None
    if type(value) not in _NUMBER_TYPES:  # bool is an int, but no number
        return None
    # The comparison comes first: a long integer has no finite float to ask about, and NaN is not less than anything.
    return float(value) if -LARGEST_NUMBER <= value <= LARGEST_NUMBER else None  # type: ignore[operator, arg-type]  # narrowed above


def as_count(value: object) -> int | None:
    """A whole number from 0 to what a 32-bit column holds."""
    number = as_number(value)
    return None if number is None or number < 0 else min(int(number), 2_147_483_647)


def as_sent(value: object, limit: int) -> str | None:
    """The text without NULs and lone surrogates (PostgreSQL stores neither), cut to `limit` characters; not blank."""
    if not isinstance(value, str):
        return None
    if "\x00" in value:
        value = value.replace("\x00", "")
    if not value.isascii():
        value = _SURROGATE.sub("\ufffd", value)
    return value.strip()[:limit] or None


def as_text(value: object, limit: int) -> str | None:
    """The same without what turns the order of other texts: a name or a sentence, to be put among ours."""
    text = as_sent(value, limit)
    return text if text is None or text.isascii() else _TURNING.sub("\ufffd", text)


def as_line(value: str, limit: int) -> str:
    """The same in one line with single spaces, as somebody may have typed it into a field; may be empty."""
    return " ".join((as_text(value, len(value)) or "").split())[:limit]


def as_bool(value: object) -> bool | None:
    """A truth value, also from 0, 1, "true", "false", "ok" and "failed"."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        return {"true": True, "yes": True, "ok": True, "false": False, "no": False, "failed": False}.get(value.lower())
    return None


def as_instant(value: object) -> datetime | None:
    """The time that an RFC 3339 text names; Go's zero time means "never"."""
    if not isinstance(value, str):
        return None
    instant = parse_rfc3339(value)
    return None if instant is None or instant.year not in _YEARS else instant


def as_mapping(value: object) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def as_items(value: object) -> list[Any]:
    """The list's entries; of an object (name → entry) its entries, each with its key as `name` where it has none."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [{"name": key, **entry} for key, entry in value.items() if isinstance(entry, dict)]
    return []
