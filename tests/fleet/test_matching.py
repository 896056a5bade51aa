import random
from difflib import get_close_matches

import pytest

from felhom_hub.fleet.matching import ALIKE, BEGINS, BEGINS_A_WORD, EXACT, HOLDS, HOLDS_BESIDE, fitness, nearest


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("nagy", BEGINS),
        ("nagy-anna", EXACT),
        ("nagy anna", EXACT),
        ("anna", BEGINS_A_WORD),
        ("gy a", HOLDS),
        ("szeged", HOLDS_BESIDE),
        ("kiss", None),
    ],
)
def test_a_name_fits_better_than_a_part_of_it_and_that_better_than_a_town(wanted: str, found: int | None) -> None:
    assert fitness(wanted, ("nagy-anna", "nagy anna"), ("szeged", "")) == found


def test_better_is_less() -> None:
    assert EXACT < BEGINS < BEGINS_A_WORD < HOLDS < HOLDS_BESIDE


@pytest.mark.parametrize(("wanted", "meant"), [("nextclod", 1), ("imich", 2), ("jellyfin", None), ("", None)])
def test_the_nearest_name_counts_where_a_letter_or_two_differ(wanted: str, meant: int | None) -> None:
    assert nearest(wanted, {"nextcloud": 1, "immich": 2}) == meant


def test_no_name_that_is_alike_is_left_out() -> None:
    chance = random.Random(3)
    names = {"".join(chance.choices("abcd", k=chance.randint(0, 9))): number for number in range(400)}

    for _ in range(400):
        wanted = "".join(chance.choices("abcd", k=chance.randint(0, 9)))
        closest = get_close_matches(wanted, names, n=1, cutoff=ALIKE)
        assert nearest(wanted, names) == (names[closest[0]] if closest else None), wanted
