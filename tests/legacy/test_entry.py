from typing import Any

import pytest

from felhom_hub.legacy.entry import Entry, Outcome


def test_a_field_is_read_as_what_it_is_wanted_for() -> None:
    entry = Entry(1, {"a": "Ő".encode(), "b": None, "c": 7, "d": b"\xff\x00x", "t": b"2026-02-20 18:53:24"}, {})

    assert (entry.raw("a"), entry.raw("b"), entry.raw("c"), entry.raw("none")) == ("Ő".encode(), b"", b"7", b"")
    assert (entry.whole("a"), entry.whole("c"), entry.text("d", 9)) == ("Ő", "7", "\ufffdx")
    assert entry.time("t") is not None
    assert entry.time("a") is None


@pytest.mark.parametrize(("written", "read"), [(b"a.b-c", "a.b-c"), (b"a/b", None), (None, None), (b"a" * 129, None)])
def test_whose_row_it_is(written: bytes | None, read: str | None) -> None:
    assert Entry(1, {"customer_id": written}, {}).customer() == read


def test_what_is_put_aside_is_as_it_was() -> None:
    outcome = Outcome()
    outcome.put_aside(Entry(4, {"a": b"\xff", "b": None}, {}), "a", "told")
    outcome.put_aside(Entry(4, {"a": b"\xff", "b": None}, {}), "b", "too")

    assert (outcome.aside, outcome.notes) == ({4: {"a": b"\xff", "b": None}}, ["told", "too"])
    assert "xff" not in repr(outcome)


def test_a_time_is_odd_where_something_is_written_that_is_none() -> None:
    entry = Entry(1, {"a": b"last spring", "b": b"2026-02-20 18:53:24", "c": b"", "d": None}, {})

    assert [name for name in ("a", "b", "c", "d", "none") if entry.is_odd_time(name)] == ["a"]


@pytest.mark.parametrize(
    ("found", "stored", "is_said"),
    [
        (b" a  b\r\n", "a b", True),
        (b"a b", "a", False),
        (None, "", True),
        (None, "a default", True),
        (b"\xff", "\ufffd", False),
        (b"a\x00b", "ab", False),
        (7, "7", True),
    ],
)
def test_a_stored_text_says_the_field_or_does_not(found: Any, stored: str, is_said: bool) -> None:
    assert Entry(1, {"a": found}, {}).is_said_by("a", stored) is is_said


def test_only_what_a_stored_text_does_not_say_is_put_aside_and_without_a_word() -> None:
    outcome = Outcome()
    outcome.put_aside_changed(Entry(4, {"a": b"long text", "b": b"fine"}, {}), {"a": "long", "b": "fine", "c": "x"})

    assert (outcome.aside, outcome.notes) == ({4: {"a": b"long text"}}, [])
