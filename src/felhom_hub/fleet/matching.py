"""How well something fits a text that was typed. Pure; whoever asks has folded both."""

from collections.abc import Sequence

EXACT, BEGINS, BEGINS_A_WORD, HOLDS, HOLDS_BESIDE = range(5)


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


def _fit(wanted: str, name: str) -> int | None:
    if name.startswith(wanted):
        return BEGINS
    if f" {wanted}" in name or f"-{wanted}" in name:
        return BEGINS_A_WORD
    return HOLDS if wanted in name else None
