import json
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from felhom_hub.base.tolerant import (
    MAX_NESTING,
    BadJsonError,
    as_bool,
    as_count,
    as_instant,
    as_items,
    as_line,
    as_mapping,
    as_number,
    as_sent,
    as_text,
    decode_json,
)

DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
OF_NO_USE: tuple[Any, ...] = (None, "", "  ", "x", [], [1], {}, {"value": 1})
HUGE_INTEGER = 10**400  # JSON allows it, and msgspec reads it; no float can hold it


@pytest.mark.parametrize(
    ("body", "document"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b' \t\r\n{"a": 1}\n', {"a": 1}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b'{"a": "\\u0000"}', {"a": "\x00"}),
        (b'{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        (b'{"a": "\\ud83d"}', {"a": "\ud83d"}),
        (b'{"a": "\\ude00\\ud83d"}', {"a": "\ude00\ud83d"}),
        (b"18446744073709551616", 18446744073709551616),
        (b"1" * 400, int("1" * 400)),
        (b"1" * 5000, sys.float_info.max),
        (b"-" + b"1" * 5000, -sys.float_info.max),
        (b"1e999", sys.float_info.max),
        (b"-0.0", 0.0),
        (b"[]", []),
        (b"null", None),
        ('{"é": "\u2028"}'.encode(), {"é": "\u2028"}),
    ],
)
def test_all_that_json_allows_is_read(body: bytes, document: Any) -> None:
    assert decode_json(body) == document


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "Expecting value at character 0"),
        (b'{"a": ', "Expecting value at character 6"),
        (b'{"a": 1', "Expecting ',' delimiter at character 7"),
        (b'{"a": 1}}', "Extra data at character 8"),
        (b"{'a': 1}", "Expecting property name enclosed in double quotes at character 1"),
        (b'{"a": NaN}', "NaN is not a JSON value"),
        (b'{"a": Infinity}', "Infinity is not a JSON value"),
        (b'{"a": -Infinity}', "-Infinity is not a JSON value"),
        (b'{"a": "\xff"}', "byte 7 is not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "byte 7 is not UTF-8"),  # a surrogate has no UTF-8 form
        (b'{"a": "\x01"}', "Invalid control character at character 7"),
        (b"\x00", "Expecting value at character 0"),
        (b"[" * 100_000, f"it is nested deeper than {MAX_NESTING} levels"),
        (b'{"a":' * 100_000, f"it is nested deeper than {MAX_NESTING} levels"),
        (b" " * 200_000 + b"[" * 100_000, f"it is nested deeper than {MAX_NESTING} levels"),
    ],
)
def test_anything_else_is_refused_with_a_reason(body: bytes, sentence: str) -> None:
    with pytest.raises(BadJsonError) as caught:
        decode_json(body)

    assert str(caught.value) == sentence


@given(DOCUMENTS)
def test_every_document_comes_back_as_it_was_written(document: Any) -> None:
    assert decode_json(json.dumps(document).encode()) == document
    assert decode_json(json.dumps(document, ensure_ascii=False).encode()) == document


@given(st.binary(), DOCUMENTS, st.integers(min_value=0))
def test_damage_is_never_answered_by_another_error(damage: bytes, document: Any, place: int) -> None:
    body = json.dumps(document).encode()
    cut = place % (len(body) + 1)

    with suppress(BadJsonError):
        decode_json(body[:cut] + damage + body[cut:])


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    "body",
    [
        nested(MAX_NESTING),
        b"[" + b",".join([nested(MAX_NESTING - 1)] * 50) + b"]",
        b'["' + b"[" * 200 + b'"]',  # brackets within a text nest nothing
        b'["\\"' + b"{" * 200 + b'\\\\"]',
        b"[" + b",".join([b"{}"] * 10_000) + b"]",
    ],
)
def test_nesting_up_to_the_limit_is_read(body: bytes) -> None:
    decode_json(body)


@pytest.mark.parametrize(
    "body",
    [
        nested(MAX_NESTING + 1),
        b"[" + nested(2) + b"," + nested(MAX_NESTING) + b"]",
        b'{"a":' * (MAX_NESTING + 1) + b"1" + b"}" * (MAX_NESTING + 1),
        # The deepest place at the beginning, at the end, and between long texts on either side.
        b"[" + nested(MAX_NESTING) + b',"' + b"x" * 900 + b'"]',
        b'["' + b"x" * 900 + b'",' + nested(MAX_NESTING) + b"]",
        b'["' + b"x" * 900 + b'",' + nested(MAX_NESTING) + b',"' + b"x" * 900 + b'"]',
    ],
)
def test_one_level_more_is_refused(body: bytes) -> None:
    with pytest.raises(BadJsonError):
        decode_json(body)


def test_an_open_text_full_of_quotes_is_refused_in_linear_time() -> None:
    with pytest.raises(BadJsonError):  # hours, if the text were tried again from each of its quotes
        decode_json(b"[" * MAX_NESTING + b'["' + b'\\"' * 2_000_000)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0.0),
        (61, 61.0),
        (61.25, 61.25),
        (-3, -3.0),
        ("61.25", 61.25),
        (" 61 ", 61.0),
        ("61%", 61.0),
        ("61.2 %", 61.2),
        ("+5", 5.0),
        ("-5.5", -5.5),
        (1e15, 1e15),
        (1.1e15, None),
        (-1.1e15, None),
        (HUGE_INTEGER, None),
        (-HUGE_INTEGER, None),
        (float("inf"), None),
        (float("nan"), None),
        ("nan", None),
        ("1e3", None),
        ("0x10", None),
        ("1_000", None),
        ("1,5", None),
        ("1.", None),
        (".5", None),
        ("٣", None),
        ("9" * 16, None),
        ("61 MB", None),
        ("61" + " " * 4_000_000 + "MB", None),  # hours, if each space were tried as the last one
        (True, None),
        (False, None),
        *((value, None) for value in OF_NO_USE),
    ],
)
def test_numbers(value: object, expected: float | None) -> None:
    assert as_number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (3.9, 3),
        ("11", 11),
        (-1, None),
        (2_147_483_647, 2_147_483_647),
        (1e12, 2_147_483_647),
        (HUGE_INTEGER, None),
        (True, None),
        *((value, None) for value in OF_NO_USE),
    ],
)
def test_counts(value: object, expected: int | None) -> None:
    assert as_count(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Kovács Péter", "Kovács Péter"),
        ("  Kovács ", "Kovács"),
        ("a\x00b", "ab"),
        ("\x00", None),
        ("a\ud83db", "a\ufffdb"),
        ("😀", "😀"),
        ("x" * 30, "x" * 20),
        (" " * 30 + "x", "x"),
        ("Ő" * 30, "Ő" * 20),
        ("line\nbreak", "line\nbreak"),
        ("", None),
        (" \n", None),
        *((value, None) for value in (None, 1, 1.5, True, ["x"], {"x": 1})),
    ],
)
def test_texts(value: object, expected: str | None) -> None:
    assert as_text(value, 20) == expected


@pytest.mark.parametrize("turning", [*"\u202a\u202b\u202c\u202d\u202e", *"\u2066\u2067\u2068\u2069"])
def test_what_turns_the_order_of_others_is_not_taken(turning: str) -> None:
    assert as_text(f"a{turning}gnp.exe שלום", 20) == "a\ufffdgnp.exe שלום"
    assert as_sent(f"a{turning}gnp.exe\x00\ud800 ", 20) == f"a{turning}gnp.exe\ufffd"


def test_lines_are_short_and_have_single_spaces() -> None:
    assert as_line(" Kov\x00ács \r\n\t P\u202eéter ", 8) == "Kovács P"
    assert as_line("\u3000 ", 8) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        (1.0, True),
        ("true", True),
        ("TRUE", True),
        ("yes", True),
        ("ok", True),
        ("false", False),
        ("No", False),
        ("failed", False),
        (2, None),
        (-1, None),
        (0.5, None),
        (HUGE_INTEGER, None),
        ("1", None),
        *((value, None) for value in OF_NO_USE),
    ],
)
def test_truth_values(value: object, expected: object) -> None:
    assert as_bool(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-02-25T08:15:00+01:00", datetime(2026, 2, 25, 7, 15, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),  # Go's zero time
        ("0001-12-31T23:59:59Z", None),
        ("0002-01-01T00:00:00Z", datetime(2, 1, 1, tzinfo=UTC)),
        ("9998-12-31T23:59:59Z", datetime(9998, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", None),  # no page could say it in local time
        ("2026-02-25 08:15:00", None),
        (1_772_007_300, None),
        (1_772_007_300_000, None),
        *((value, None) for value in OF_NO_USE),
    ],
)
def test_times(value: object, expected: datetime | None) -> None:
    assert as_instant(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [({"a": 1}, {"a": 1}), ({}, {}), (None, {}), ([], {}), ("a", {}), (1, {})]
)
def test_objects(value: object, expected: object) -> None:
    assert as_mapping(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([1, "a", {}], [1, "a", {}]),
        ([], []),
        ({"web": {"state": "running"}}, [{"name": "web", "state": "running"}]),
        ({"web": {"name": "own"}}, [{"name": "own"}]),
        ({"web": {}, "total": 5, "list": []}, [{"name": "web"}]),
        ({"total": 5, "running": 4}, []),
        *((value, []) for value in (None, "a", 1, True)),
    ],
)
def test_entries(value: object, expected: object) -> None:
    assert as_items(value) == expected
