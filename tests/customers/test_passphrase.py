import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from felhom_hub.customers.passphrase import new_passphrase, normalised, words

FELT = "alma-kerék-madár-felhő"


def without_accents(word: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", word) if not unicodedata.combining(each))


def test_four_words_have_44_bits_or_more() -> None:
    assert len(words()) >= 2048


def test_words_are_short_and_of_hungarian_lower_case_letters() -> None:
    assert [word for word in words() if not re.fullmatch("[a-pr-vyzáéíóöőúüű]{3,9}", word)] == []


def test_words_are_composed_as_a_keyboard_types_them() -> None:
    assert [word for word in words() if unicodedata.normalize("NFC", word) != word] == []


def test_no_word_begins_another_one_not_even_without_accents() -> None:
    folded = sorted(without_accents(word) for word in words())
    # In sorted order a word stands right before the words that it begins, or is equal to.
    assert [pair for pair in pairwise(folded) if pair[1].startswith(pair[0])] == []


def test_the_list_is_in_order_so_that_a_double_would_be_seen() -> None:
    assert list(words()) == sorted(words(), key=lambda word: (without_accents(word), word))


def test_a_passphrase_has_four_words_of_the_list() -> None:
    parts = new_passphrase().split("-")
    assert len(parts) == 4
    assert set(parts) <= set(words())


def test_passphrases_differ() -> None:
    assert len({new_passphrase() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "typed",
    [
        FELT,
        "alma kerek madar felho",
        "ALMA KERÉK MADÁR FELHŐ",
        "Alma, kerék; madár. Felhő!",
        "almakerekmadarfelho",
        " alma\u00a0–\u2011kerék_madár\tfelhö\n",
        unicodedata.normalize("NFD", FELT),
        "ａｌｍａ kerék madár felhő",
    ],
)
def test_it_counts_the_same_however_it_is_typed(typed: str) -> None:
    assert normalised(typed) == "almakerekmadarfelho"


@pytest.mark.parametrize("typed", ["alma-kerék-madár", "alma-kerék-felhő-madár", "alma-kerék-madár-felhők", "", "---"])
def test_another_passphrase_stays_another(typed: str) -> None:
    assert normalised(typed) != "almakerekmadarfelho"


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(st.lists(st.sampled_from(words()), min_size=4, max_size=4))
def test_run_together_the_words_can_be_read_in_one_way_only(chosen: list[str]) -> None:
    left, read = normalised("".join(chosen)), []
    while left:
        (found,) = [word for word in words() if left.startswith(without_accents(word))]
        read.append(found)
        left = left.removeprefix(without_accents(found))
    assert read == chosen
