from datetime import date
from typing import Any

import pytest

from felhom_hub.base.copy.values import Column, Kind, canonical, converter, problem_of


def column(kind: Kind, **options: Any) -> Column:
    return Column("x", kind, **options)


def test_a_row_of_the_file_becomes_what_postgresql_is_given() -> None:
    columns = [column(kind) for kind in (Kind.BOOLEAN, Kind.BOOLEAN, Kind.DATE, Kind.JSON, Kind.TEXT, Kind.BIG)]

    assert converter(columns)((1, 0, "2026-11-23", '{"a":1}', "Ő", 5)) == (
        True, False, date(2026, 11, 23), '{"a":1}', "Ő", 5,
    )  # fmt: skip
    assert converter(columns)((None,) * 6) == (None,) * 6
    assert converter(columns[4:])(("Ő", 5)) == ("Ő", 5)


@pytest.mark.parametrize(("value", "kind"), [(2, Kind.BOOLEAN), ("soon", Kind.DATE)])
def test_what_has_no_counterpart_is_no_row(value: object, kind: Kind) -> None:
    with pytest.raises((KeyError, ValueError)):
        converter([column(kind)])((value,))


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ('{"b": 1, "a": [1.10, 1e2]}', '{"a":[1.1,100],"b":1}'),
        ("-0.0", "0"),
        ('{"a": 1, "a": 2}', '{"a":2}'),
        ('"\\u0151"', '"ő"'),
        ("1e22", "10000000000000000000000"),
    ],
)
def test_json_is_compared_by_what_it_says(written: str, stored: str) -> None:
    form = canonical([column(Kind.JSON)])

    assert form((written,)) == form((stored,))


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (Kind.JSON, '{"a":1}', '{"a":"1"}'),
        (Kind.JSON, "[1,2]", "[2,1]"),
        (Kind.JSON, '[["a",1]]', '{"a":1}'),
        (Kind.JSON, "0.1234567890123456789012345678901", "0.1234567890123456789012345678902"),
        (Kind.JSON, "true", "1"),
        (Kind.TEXT, "", None),
        (Kind.TEXT, "None", None),
        (Kind.TEXT, "a ", "a"),
        (Kind.REAL, 0.1 + 0.2, 0.3),
        (Kind.BYTES, b"a", "a"),
        (Kind.BOOLEAN, True, 1),
    ],
)
def test_what_is_not_the_same_has_not_the_same_form(kind: Kind, one: object, other: object) -> None:
    form = canonical([column(kind)])

    assert form((one,)) != form((other,))
    assert form((one,)) == form((one,))


@pytest.mark.parametrize(
    ("value", "where", "problem"),
    [
        ("a\0b", column(Kind.TEXT), "it holds a NUL character, which PostgreSQL cannot store"),
        ("ő" * 65, column(Kind.TEXT, most=64), "it has 65 characters, and the column takes 64"),
        ("ő" * 64, column(Kind.TEXT, most=64), ""),
        (None, column(Kind.TEXT), "it is NULL, which the column does not take"),
        (None, column(Kind.TEXT, is_nullable=True), ""),
        (b"bytes", column(Kind.TEXT), "it is not text"),
        ("text", column(Kind.BYTES), "it is not bytes"),
        ("1", column(Kind.INTEGER), "it is not a number"),
        (1 << 31, column(Kind.INTEGER), "the number does not fit into 32 bits"),
        (-(1 << 31), column(Kind.INTEGER), ""),
        (1 << 15, column(Kind.SMALL), "the number does not fit into 16 bits"),
        (2**63 - 1, column(Kind.BIG), ""),
        (2, column(Kind.BOOLEAN), "it is neither 0 nor 1"),
        (1, column(Kind.BOOLEAN), ""),
        (1, column(Kind.REAL), "it is not a number with a fraction"),
        (float("inf"), column(Kind.REAL), ""),
        ("2026-02-30", column(Kind.DATE), "it is no date"),
        ("{", column(Kind.JSON), "it is no JSON that PostgreSQL takes"),
        ("[NaN]", column(Kind.JSON), "it is no JSON that PostgreSQL takes"),
        (r'["\u0000"]', column(Kind.JSON), "a text in it holds a NUL character"),
        (r'["\\u0000"]', column(Kind.JSON), ""),
        (r'["\ud800"]', column(Kind.JSON), "a text in it holds half a character"),
        ("{}", column(Kind.JSON), ""),
    ],
)
def test_what_postgresql_refuses_is_known(value: object, where: Column, problem: str) -> None:
    assert problem_of(value, where) == problem
