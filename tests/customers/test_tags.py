import pytest

from felhom_hub.base.errors import Impossible
from felhom_hub.customers.tags import tags_of, written_tag, written_tags


@pytest.mark.parametrize(
    ("entered", "stored"),
    [
        ("", ""),
        ("Digi", "digi"),
        (" Digi , eger ,, DIGI,\tÉrd\n telekom", "digi, eger, érd, telekom"),
        ("flat  roof", "flat roof"),
        ("10.10-x_y", "10.10-x_y"),
    ],
)
def test_tags_are_stored_in_one_form(entered: str, stored: str) -> None:
    assert written_tags(entered) == stored
    assert tags_of(stored) == frozenset(stored.split(", ")) - {""}


@pytest.mark.parametrize("tag", ["<b>", "a" * 41, "-x", "a\x00b", "a;b", "a\u202eb"])
def test_a_tag_against_the_rule_is_named_with_it(tag: str) -> None:
    with pytest.raises(Impossible, match="tags must have letters"):
        written_tag(tag)


FIVE_LONG = ", ".join(letter * 40 for letter in "abcde")


@pytest.mark.parametrize("entered", [", ".join(f"t{number}" for number in range(11)), FIVE_LONG])
def test_too_many_tags_are_refused(entered: str) -> None:
    with pytest.raises(Impossible, match="tags must be 10 at most"):
        written_tags(entered)
