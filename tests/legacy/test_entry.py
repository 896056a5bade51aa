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
