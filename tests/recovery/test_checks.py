import pytest

from felhom_hub.recovery.checks import (
    CHECKS,
    Check,
    Examination,
    State,
    Verdict,
    failed_examination,
    headline_of,
    held_verdict,
    verdict_of,
)

NAMES = list(CHECKS)


def examination(states: str, *, notes: tuple[str, ...] = ("why",)) -> Examination:
    return Examination(
        tuple(
            Check(name, State(state), f"{name} title", notes if state in "gn" else ())
            for name, state in zip(NAMES, states, strict=True)
        )
    )


@pytest.mark.parametrize(
    ("states", "verdict", "held", "headline"),
    [
        ("yyyyy", Verdict.YES, Verdict.YES, "Can be rebuilt"),
        ("yyuyy", Verdict.YES, Verdict.YES, "Can be rebuilt"),
        ("yyygy", Verdict.WITH_GAPS, Verdict.YES, "Rebuild with a loss"),
        ("yygyy", Verdict.WITH_GAPS, Verdict.WITH_GAPS, "Rebuild with a loss"),
        ("yyyyg", Verdict.WITH_GAPS, Verdict.WITH_GAPS, "Needs a password first"),
        ("yyygg", Verdict.WITH_GAPS, Verdict.WITH_GAPS, "Rebuild with a loss"),
        ("nuuyy", Verdict.NO, Verdict.NO, "Cannot be rebuilt from the hub"),
        ("yggyn", Verdict.NO, Verdict.NO, "Cannot be rebuilt from the hub"),
    ],
)
def test_the_worst_check_makes_the_verdict(states: str, verdict: Verdict, held: Verdict, headline: str) -> None:
    assert (verdict_of(states), held_verdict(states), headline_of(states)) == (verdict, held, headline)
    assert (examination(states).states, examination(states).verdict) == (states, verdict)


def test_the_reason_is_the_hardest_first() -> None:
    assert examination("ygyyn").reason == "why"
    assert examination("yyyyn", notes=()).reason == "retrieval title"
    assert examination("yyyyy").reason == "All 5 checks pass"
    assert examination("yyuuy").reason == "3 of 5 checks pass, the others could not be asked"


def test_each_check_says_in_words_what_its_mark_says() -> None:
    words = [check.words for check in examination("ygnuy").checks]
    assert words == [
        "Snapshot opens: yes",
        "Passwords are in it: with a gap",
        "Drives match: no",
        "App backup fresh: not known",
        "Retrieval works: yes",
    ]


def test_a_failed_examination_says_so_and_nothing_of_the_other_checks() -> None:
    found = failed_examination(State.GAP)

    assert (found.states, found.verdict) == ("guuuu", Verdict.WITH_GAPS)
    assert found.reason == "The check itself failed; the hub’s log says why"
