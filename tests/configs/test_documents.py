import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.configs.values import MAPPINGS

from felhom_hub.configs import documents
from felhom_hub.configs.documents import (
    MAX_LENGTH,
    DocumentError,
    compose,
    document,
    is_read_alike,
    read_again,
    read_plain,
    read_quickly,
)
from felhom_hub.configs.render import render
from felhom_hub.configs.template import built_in


def test_values_are_what_every_reader_finds_once_they_are_settled() -> None:
    text = 'a: {b: no, c: "012", d: 012, e: 1e3}\nf:\n  - ~\n  -\n  - |\n    x\n'

    assert read_plain(text) == {"a": {"b": "no", "c": "012", "d": "012", "e": 1000.0}, "f": [None, None, "x\n"]}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"a: {'x' * MAX_LENGTH}", "It is longer than 1,048,576 characters."),
        ("\x00", "It is not YAML that can be read."),
        ("a: {b: 1, b: 2}", "Line 1: b is there twice."),
        ("a:\n  - {b: 1, b: 2}", "Line 2: b is there twice."),
        ("<<: {a: 1}", "Line 1: a key must be a word."),
        ("a: !!str 1", "Line 1: tags (!) are not possible here."),
        ("a: 'x", "Line 1 is not YAML"),
    ],
)
def test_what_is_wrong_is_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(sentence)):
        read_plain(text)


def test_nodes_know_their_places() -> None:
    root = compose("a: 1\nb: 2\n")

    assert [(key.start_mark.line, value.start_mark.index) for key, value in root.value] == [(0, 3), (1, 8)]


def test_a_document_ends_with_a_line_break_and_has_its_values() -> None:
    made = document("a: 012")

    assert (made.text, made.values, made.root.id) == ("a: 012\n", {"a": "012"}, "mapping")


@given(MAPPINGS)
def test_what_is_written_is_read_alike_by_both_readers(values: dict[str, Any]) -> None:
    text = render("here: 1\n", values)

    assert read_again(text) == read_plain(text)
    assert is_read_alike(text)


@pytest.mark.parametrize("text", ["a: #\x85b", "a: b\u2028c", "a: [", "- a", "a: 1\na: 2"])
def test_what_readers_do_not_agree_on_is_seen(text: str) -> None:
    assert not is_read_alike(text)


@pytest.mark.parametrize("text", ["[", "- a", "", "a: 1\na: 2", "a: \x00", "a: \ud800"])
def test_what_the_other_reader_cannot_read_is_said(text: str) -> None:
    with pytest.raises(DocumentError):
        read_again(text)


def read(reader: Callable[[str], Any], text: str) -> str:
    """What the reader makes of the text, its refusal likewise; True and 1 are two things."""
    try:
        return repr(reader(text))
    except DocumentError as error:
        return f"refused: {error}"


# Ordinary lines, and their neighbours that are none, in an order and with indentations that make sense by chance only.
PIECES = st.sampled_from(
    [
        "", "# c", "a:", "b:", "a: b", "a: x y", "a: b #c", "a: b # c", "a:  # c", 'a: "x # y"', "a: 'x: y'",
        "a: ''", "a: []", "a: {}", "a: {b: c}", "a: no", "a: 012", "a: 12:30", "a: ~", "a: .5", "a: :b",
        "a: b:", "a: a:b", "1: 2", "- a", "-", "- a:", "- a: b", "- b: c # d", "- []", "- 'a: b'", "-  a",
        "- - a", "a: - b", "a: -b", "?", "? a", "a: &x b", "a: *x", "a: !!str 1", "<<: b", "a: |", "a: >-",
        "a: @b", "a: %b", "a: `b", 'a: "b', 'a: "\\t"', "c", "...", "---", "--- a", "%YAML 1.1", "a: b\t",
        "\ta: b", "a: b\r", "é: ő", "a: 😀", "a: \x85b", "a: b\u2028c", "\ufeff", "a: \xa0b", "a: \x7f",
        "a: \ud800", "a: \ufffe", "a" * 90 + ": b",
    ]
)  # fmt: skip
LINES = st.builds(lambda indent, piece: " " * indent + piece, st.sampled_from([0, 0, 0, 0, 2, 2, 4, 1, 3, 18]), PIECES)


@settings(max_examples=500)
@given(st.lists(LINES, max_size=6).map("\n".join), st.sampled_from(["", "\n"]))
def test_a_quick_reading_finds_what_a_careful_one_finds(text: str, end: str) -> None:
    assert read(read_quickly, text + end) == read(read_plain, text + end)


@given(MAPPINGS)
def test_what_is_written_is_read_quickly_as_it_is_read_carefully(values: dict[str, Any]) -> None:
    text = render("here: 1\n", values)

    assert read_quickly(text) == read_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x\n",
        "a: !!python/name:os.system\n",
        "a: {b: 1, b: 2}",
        "a: 1\na: 2\n",
        "".join(f"{'  ' * depth}a:\n" for depth in range(25)),
        "- " * 30 + "a",
        f"a: {'x' * MAX_LENGTH}",
        "",
        "# nothing\n",
        "- a\n",
        "a\n",
        "a: b\n  c: d\n",
        "a: 1\n---\nb: 2\n",
    ],
)
def test_what_is_refused_is_refused_in_the_same_words(text: str) -> None:
    with pytest.raises(DocumentError) as careful:
        read_plain(text)
    with pytest.raises(DocumentError) as quick:
        read_quickly(text)

    assert str(quick.value) == str(careful.value)


@pytest.mark.parametrize("text", ['a: "b\\n"\n', "a: |\n  b\n", "a: b # \u2028\n", "a: b\r\n", "a: [1]\n"])
def test_a_line_that_is_not_ordinary_is_left_to_the_careful_reader(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "read_again", pytest.fail)

    assert read_quickly(text) == read_plain(text)


def test_the_hubs_own_file_is_of_ordinary_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = read_plain(built_in())
    monkeypatch.setattr(documents, "read_plain", pytest.fail)

    assert read_quickly(built_in()) == expected


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "9" * 4000, "-" + "1" * 5000, "1" * 5000 + ".5"])
def test_a_number_that_nobody_can_write_down_is_a_text_to_every_reading(number: str) -> None:
    text = f"a: {number}\n"

    assert read_plain(text) == read_again(text) == read_quickly(text) == {"a": number}
