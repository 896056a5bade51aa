from datetime import UTC, datetime, timedelta

import pytest

from felhom_hub.base.keyset import cursor_words, read_cursor

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC) + timedelta(milliseconds=7)


def test_a_place_in_a_list_stands_in_an_address_and_is_read_back() -> None:
    assert cursor_words((AT, 42)) == "1795435200007.42"
    assert read_cursor("1795435200007.42") == (AT, 42)
    assert cursor_words(None) == ""


@pytest.mark.parametrize(
    "text", ["", ".", "1", "1.", ".1", "-1.2", "1.x", "٣.1", "1" * 16 + ".1", "9" * 15 + ".1", "1.2.3"]
)
def test_what_cannot_be_a_place_is_none(text: str) -> None:
    assert read_cursor(text) is None
