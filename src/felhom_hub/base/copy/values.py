"""What a value of the SQLite file is in PostgreSQL, and the form in which rows of both are compared. Pure.

SQLite keeps any value in any column: what PostgreSQL would refuse, `problem_of` says.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from enum import StrEnum
from typing import Any, Final

Row = tuple[Any, ...]


class Kind(StrEnum):
    """A column's type by PostgreSQL's own name."""

    BOOLEAN = "bool"
    SMALL = "int2"
    INTEGER = "int4"
    BIG = "int8"
    REAL = "float8"
    TEXT = "text"
    BYTES = "bytea"
    JSON = "jsonb"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """`most` is how many characters a text may have, None where there is no end."""

    name: str
    kind: Kind
    is_nullable: bool = False
    most: int | None = None


_BITS: Final = {Kind.SMALL: 16, Kind.INTEGER: 32, Kind.BIG: 64}
_TYPES: Final[dict[Kind, tuple[type, str]]] = {
    Kind.BOOLEAN: (int, "a number"),
    Kind.SMALL: (int, "a number"),
    Kind.INTEGER: (int, "a number"),
    Kind.BIG: (int, "a number"),
    Kind.REAL: (float, "a number with a fraction"),
    Kind.TEXT: (str, "text"),
    Kind.BYTES: (bytes, "bytes"),
    Kind.JSON: (str, "text"),
    Kind.DATE: (str, "text"),
}
_BOOLEANS: Final = {0: False, 1: True}
# The default one would round after 28 digits.
_EXACT: Final = Context(prec=100_000)


def converter(columns: Sequence[Column]) -> Callable[[Row], Row]:
    """A function from a row of the file to what PostgreSQL is given; it raises KeyError, TypeError or ValueError."""
    conversions: dict[Kind, Callable[[Any], Any]] = {
        Kind.BOOLEAN: _BOOLEANS.__getitem__,
        Kind.DATE: date.fromisoformat,
    }
    return _changing({index: conversions[each.kind] for index, each in enumerate(columns) if each.kind in conversions})


def canonical(columns: Sequence[Column]) -> Callable[[Row], bytes]:
    """A function from a row, as it is in PostgreSQL, to bytes that two rows share if and only if they are the same."""
    change = _changing({index: _normal_json for index, each in enumerate(columns) if each.kind is Kind.JSON})
    return lambda row: repr(change(row)).encode()


def problem_of(value: object, column: Column) -> str:
    """Why PostgreSQL cannot store the value in the column, without the value; empty where it can."""
    if value is None:
        return "" if column.is_nullable else "it is NULL, which the column does not take"
    kind, (expected, name) = column.kind, _TYPES[column.kind]
    if not isinstance(value, expected):
        return f"it is not {name}"
    if isinstance(value, int):
        return _problem_of_number(value, kind)
    if isinstance(value, str):
        return _problem_of_text(value, column)
    return ""


def _problem_of_number(value: int, kind: Kind) -> str:
    if kind is Kind.BOOLEAN:
        return "" if value in _BOOLEANS else "it is neither 0 nor 1"
    limit = 1 << _BITS[kind] - 1
    return "" if -limit <= value < limit else f"the number does not fit into {_BITS[kind]} bits"


def _problem_of_text(value: str, column: Column) -> str:
    if "\0" in value:
        return "it holds a NUL character, which PostgreSQL cannot store"
    if column.most is not None and len(value) > column.most:
        return f"it has {len(value):,} characters, and the column takes {column.most:,}"
    try:
        if column.kind is Kind.DATE:
            date.fromisoformat(value)
        elif column.kind is Kind.JSON:
            return _problem_of_json(json.loads(value, parse_constant=_refuse_constant))
    except ValueError:
        return "it is no date" if column.kind is Kind.DATE else "it is no JSON that PostgreSQL takes"
    return ""


def _problem_of_json(document: object) -> str:
    text = json.dumps(document, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return "a text in it holds half a character"
    # json.dumps writes a NUL as an escape, and doubles a backslash of the text's own.
    return "a text in it holds a NUL character" if r"\u0000" in text.replace(r"\\", "") else ""


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _changing(changes: dict[int, Callable[[Any], Any]]) -> Callable[[Row], Row]:
    """A function that changes the row's values at these places; NULL stays."""
    if not changes:
        return tuple

    def change(row: Row) -> Row:
        values = list(row)
        for index, changed in changes.items():
            if values[index] is not None:
                values[index] = changed(values[index])
        return tuple(values)

    return change


def _normal_json(text: str) -> object:
    """PostgreSQL keeps of JSON what it says, not how it is written: the members' order and a number's form are lost."""
    return json.loads(text, object_pairs_hook=_members, parse_int=_number, parse_float=_number)


def _members(pairs: list[tuple[str, object]]) -> object:
    return ("members", sorted(dict(pairs).items(), key=lambda pair: pair[0]))


def _number(text: str) -> Decimal:
    return Decimal(text).normalize(_EXACT) or Decimal(0)  # there is no -0 in PostgreSQL's
