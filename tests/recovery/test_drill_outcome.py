from typing import Any

import pytest

from felhom_hub.recovery.drill_outcome import NotDone, Outcome, Result, outcome_of

SET_UP: dict[str, Any] = {
    "ok": True,
    "has_backup": True,
    "disks": [{}, {}, {}],
    "disks_matched": 2,
    "stacks": [{}, {}],
    "stacks_restorable": 1,
    "gaps": [],
}


def test_nothing_missing_is_passed() -> None:
    assert outcome_of(SET_UP, version=7) == Outcome(Result.PASSED, [], 7, 2, 3, 1, 2)


def test_whoever_finds_something_makes_it_one_with_gaps() -> None:
    told = {**SET_UP, "gaps": ["hdd1 was not found", "", 7, "a\x00b\nc\u202ed"]}

    assert outcome_of(told, version=7, also=["The file differs"]) == Outcome(
        Result.GAPS, ["The file differs", "hdd1 was not found", "ab c\N{REPLACEMENT CHARACTER}d"], 7, 2, 3, 1, 2
    )


def test_without_a_snapshot_a_box_cannot_be_made_anew() -> None:
    told = {**SET_UP, "has_backup": False, "disks": [], "disks_matched": 0, "stacks": [], "gaps": ["None"]}

    assert outcome_of(told, version=7) == Outcome(Result.FAILED, ["None"], None, 0, 0, 1, 0)


@pytest.mark.parametrize("status", [401, 403, 409, 429, 0])
def test_a_refusal_is_failed_in_the_hubs_own_words(status: int) -> None:
    told = {"ok": False, "status": status, "error": "the hub answered so"}

    assert outcome_of(told, version=7) == Outcome(Result.FAILED, ["The hub answered so"], 7)


@pytest.mark.parametrize("status", [None, 500, 503])
def test_a_hub_that_was_not_there_says_nothing_of_the_customer(status: int | None) -> None:
    with pytest.raises(NotDone, match=r"^The hub at x cannot be reached$"):
        outcome_of({"ok": False, "status": status, "error": "the hub at x cannot be reached"}, version=7)


def test_what_is_odd_is_read_all_the_same() -> None:
    odd = {"ok": True, "has_backup": True, "disks": None, "disks_matched": "x", "gaps": {"a": 1}}

    assert outcome_of(odd, version=None) == Outcome(Result.PASSED, [], None, 0, 0, 0, 0)


def test_very_many_gaps_are_cut_and_counted() -> None:
    gaps = outcome_of({**SET_UP, "gaps": [f"{number} {'x' * 400}" for number in range(60)]}, version=1).gaps

    assert (len(gaps), len(gaps[0]), gaps[-1]) == (51, 300, "And 10 more")
