import re

from felhom_hub.operators.digests import digest, new_token


def test_tokens_are_64_hex_digits_and_never_the_same() -> None:
    tokens = [new_token() for _ in range(100)]

    assert all(re.fullmatch("[0-9a-f]{64}", token) for token in tokens)
    assert len(set(tokens)) == 100


def test_a_digest_is_the_sha_256_in_hex_even_of_bytes_that_are_no_text() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert len(digest("\udcff")) == 64
