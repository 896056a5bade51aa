"""What a plain scalar means to the YAML readers that may meet it, and how a value is written so that all agree. Pure.

Controllers read with yaml.v3, which keeps to neither standard; people and their tools read YAML 1.1 or 1.2. A scalar
that they would read differently is settled: a number in a form that all read alike, anything else in quotes.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

Scalar = str | int | float | bool | None


class _Time(str):
    """A scalar that a reader takes for a time; equal to no other kind of value."""

    __slots__ = ()


_NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
_TRUES: Final = frozenset(("true", "True", "TRUE"))
_FALSES: Final = frozenset(("false", "False", "FALSE"))
_OLD_TRUES: Final = _TRUES | {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}
_OLD_FALSES: Final = _FALSES | {"n", "N", "no", "No", "NO", "off", "Off", "OFF"}
_INFINITY: Final = re.compile(r"[-+]?\.(inf|Inf|INF)", re.ASCII)
_NANS: Final = frozenset((".nan", ".NaN", ".NAN"))

# https://yaml.org/spec/1.2.2/#1032-tag-resolution
_INT_12: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
# https://yaml.org/type/int.html, float.html and timestamp.html; a reader may ask less of the point and the exponent.
_INT_11: Final = re.compile(
    r"[-+]?(0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)", re.ASCII
)
_FLOAT_11: Final = re.compile(
    r"[-+]?(([0-9][0-9_]*)?\.[0-9_]*([eE][-+][0-9]+)?|[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*)", re.ASCII
)
_DATE: Final = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_HOUR: Final = r"[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?"
_TIME: Final = re.compile(rf"{_DATE}(([Tt]|[ \t]+){_HOUR})?", re.ASCII)
_INT_GO: Final = re.compile(r"[-+]?(0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|0|[1-9][0-9]*)", re.ASCII)
# Longer is no number that anybody means, and past 4,300 digits Python neither reads nor writes one: it is a text.
_LONGEST_NUMBER: Final = 400  # the largest float has 309 digits
_TOO_LONG: Final = re.compile(rf"[-+.0-9][-+.:_0-9a-fA-FoOxX]{{{_LONGEST_NUMBER},}}", re.ASCII)
# Written without quotes only where nothing about it could be an indicator.
_WORD: Final = re.compile(r"[A-Za-zÀ-ž0-9/][A-Za-zÀ-ž0-9_./@+-]*( [A-Za-zÀ-ž0-9/][A-Za-zÀ-ž0-9_./@+-]*)*")
_UNPRINTABLE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def settled(text: str) -> tuple[Scalar, str]:
    """The value of a plain scalar, and how it is written so that every reader finds that one."""
    return _remembered(text) if len(text) <= _SHORT else _settled(text)


def _settled(text: str) -> tuple[Scalar, str]:
    value = _core(text)
    if _agreed(text):
        return value, text
    if isinstance(value, bool | str) or value is None or not _is_same(value, _go(text)):
        return text, quoted(text)
    return value, written(value)


# The words of a template come again for every box. What is longer comes once, and may be a secret.
_SHORT: Final = 16
_remembered = lru_cache(maxsize=4096)(_settled)


def written(value: Scalar) -> str:
    """The value as a scalar on one line that every reader reads alike."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float_text(value)
    return value if _WORD.fullmatch(value) and _agreed(value) and isinstance(_core(value), str) else quoted(value)


def quoted(text: str) -> str:
    """The text between double quotes."""
    plain = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", plain)


def _float_text(value: float) -> str:
    if value != value:  # noqa: PLR0124 - what tells a NaN
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    digits, _, exponent = repr(value).partition("e")
    digits = digits if "." in digits else f"{digits}.0"
    return f"{digits}e{int(exponent):+d}" if exponent else digits


def _agreed(text: str) -> bool:
    if _TOO_LONG.fullmatch(text):
        return False
    core = _core(text)
    return all(_is_same(core, reader(text)) for reader in (_old, _go))


def _is_same(left: Scalar, right: Scalar) -> bool:
    is_nan = left != left and right != right  # noqa: PLR0124 - likewise
    return type(left) is type(right) and (left == right or is_nan)


def _core(text: str) -> Scalar:
    """As YAML 1.2 reads it by its core schema, but for a number that is too long to be one."""
    if _TOO_LONG.fullmatch(text):
        return text
    if text in _NULLS or text in _TRUES | _FALSES:
        return None if text in _NULLS else text in _TRUES
    if _INT_12.fullmatch(text):
        return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
    return _number(text) if _FLOAT.fullmatch(text) else _special(text)


def _old(text: str) -> Scalar:
    """As YAML 1.1 reads it."""
    if text in _NULLS or text in _OLD_TRUES | _OLD_FALSES:
        return None if text in _NULLS else text in _OLD_TRUES
    if _TIME.fullmatch(text) or text in {"<<", "="}:
        return _Time(text)
    plain = text.replace("_", "")
    if _INT_11.fullmatch(text):
        return _whole(plain)
    if _FLOAT_11.fullmatch(text) and any(map(str.isdigit, text)):
        return _Time(text) if ":" in text else _number(plain)
    return _special(text)


def _go(text: str) -> Scalar:
    """As yaml.v3 reads it where nothing says which type is wanted (its resolve.go)."""
    if text in _NULLS or text in _TRUES | _FALSES:
        return None if text in _NULLS else text in _TRUES
    if _TIME.fullmatch(text) or text == "<<":
        return _Time(text)
    plain = text.replace("_", "")
    if text[:1] in set("+-.0123456789"):
        if _INT_GO.fullmatch(plain):
            return _whole(plain)
        if _FLOAT.fullmatch(plain):
            return _number(plain)
    return _special(text)


def _special(text: str) -> Scalar:
    if text in _NANS:
        return float("nan")
    return float(text.lower().replace(".", "")) if _INFINITY.fullmatch(text) else text


def _number(text: str) -> float:
    return float(text)


def _whole(plain: str) -> Scalar:
    """A number with a prefix for its base, where a leading 0 means octal; one with colons counts in sixties."""
    sign, digits = (-1, plain[1:]) if plain[0] == "-" else (1, plain.lstrip("+"))
    if ":" in digits:
        return _Time(plain)
    bases: dict[str, Callable[[str], int]] = {
        "0b": lambda rest: int(rest, 2), "0o": lambda rest: int(rest, 8), "0x": lambda rest: int(rest, 16),
    }  # fmt: skip
    if reader := bases.get(digits[:2].lower()):
        return sign * reader(digits[2:] or "0")
    return sign * int(digits, 8 if digits[0] == "0" else 10)
