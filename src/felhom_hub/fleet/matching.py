"""How well something fits a text that was typed. Pure; whoever asks has folded both."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")

EXACT, BEGINS, BEGINS_A_WORD, HOLDS, HOLDS_BESIDE = range(5)
# Of 1: one or two letters of a name differ.
ALIKE = 0.75


def fitness(wanted: str, names: Sequence[str], besides: Sequence[str]) -> int | None:
    """0 where one of `names` is the text itself, more the less it fits, None where it does not.

    `besides` are what may be searched for as well, but does not name the thing: a town, a domain.
    """
    if wanted in names:
        return EXACT
    found = [fit for name in names if (fit := _fit(wanted, name)) is not None]
    if found:
        return min(found)
    return HOLDS_BESIDE if any(wanted in text for text in besides) else None


def nearest(wanted: str, named: Mapping[str, T]) -> T | None:
    """What the name that is most like the text stands for; None where none is alike."""
    closest = get_close_matches(wanted, named, n=1, cutoff=ALIKE)
    return named[closest[0]] if closest else None


def _fit(wanted: str, name: str) -> int | None:
    if name.startswith(wanted):
        return BEGINS
    if f" {wanted}" in name or f"-{wanted}" in name:
        return BEGINS_A_WORD
    return HOLDS if wanted in name else None
