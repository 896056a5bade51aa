"""How well something fits a text that was typed. Pure; whoever asks has folded both."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    best = None
    for name in names:  # a search goes through here for each customer
        if wanted not in name:
            continue
        if name.startswith(wanted):
            return BEGINS
        if best != BEGINS_A_WORD:
            best = BEGINS_A_WORD if f" {wanted}" in name or f"-{wanted}" in name else HOLDS
    if best is None and any(wanted in text for text in besides):
        return HOLDS_BESIDE
    return best


def nearest(wanted: str, named: Mapping[str, T]) -> T | None:
    """What the name that is most like the text stands for; None where none is alike."""
    closest = get_close_matches(wanted, _perhaps_alike(wanted, named), n=1, cutoff=ALIKE)
    return named[closest[0]] if closest else None


def _perhaps_alike(wanted: str, names: Iterable[str]) -> Iterator[str]:
    """Leaves out most of what cannot be alike, for a tenth of what comparing it would take.

    Two texts are as alike as the letters that they have in common make them, which are no more than the shorter one
    has, and no more than those of the name that are in the text at all.
    """
    known = str.maketrans(dict.fromkeys(wanted, ""))
    length, least = len(wanted), ALIKE / 2
    for name in names:
        both = length + len(name)
        if min(length, len(name)) >= least * both and len(name) - len(name.translate(known)) >= least * both:
            yield name
