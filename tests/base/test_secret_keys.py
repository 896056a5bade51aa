import re
from base64 import b64encode

import pytest

from felhom_hub.base.secret_keys import SecretKey, format_secret_key, parse_secret_keys

FIRST, SECOND = bytes(range(32)), bytes(32)
FIRST_TEXT, SECOND_TEXT = b64encode(FIRST).decode(), b64encode(SECOND).decode()


@pytest.mark.parametrize("separator", ["\n", ",", " , ", "\r\n", ",\n\n"])
def test_keys_are_read_in_their_order(separator: str) -> None:
    text = f"2026-11:{FIRST_TEXT}{separator}2025:{SECOND_TEXT}{separator}"
    assert parse_secret_keys(text) == (SecretKey("2026-11", FIRST), SecretKey("2025", SECOND))


def test_no_text_is_no_keys() -> None:
    assert parse_secret_keys("") == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (FIRST_TEXT, "key 1 does not begin with an id (letters, digits, . _ -, at most 32) and a colon"),
        (f"a b:{FIRST_TEXT}", "key 1 does not begin with an id (letters, digits, . _ -, at most 32) and a colon"),
        (f"a:{FIRST_TEXT},b:$$$$", "key 2 is not base64 after its colon"),
        ("a:ÁÁÁÁ", "key 1 is not base64 after its colon"),
        ("a:AAAA", "key 1 has 3 bytes"),
        (f"a:{FIRST_TEXT},a:{SECOND_TEXT}", "two keys have the same id"),
    ],
)
def test_a_wrong_key_is_counted_and_not_shown(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(reason)}$"):
        parse_secret_keys(text)


def test_a_key_is_not_shown() -> None:
    assert repr(SecretKey("a", FIRST)) == "SecretKey(key_id='a')"


def test_a_key_is_written_as_it_is_read() -> None:
    key = SecretKey("2026-11", FIRST)
    assert parse_secret_keys(format_secret_key(key)) == (key,)
