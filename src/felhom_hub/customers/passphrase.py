"""Passphrases for people: four Hungarian words from our own list, and the form in which two of them are compared. Pure.

The list is `words.txt`. No word in it begins another one, and no two are alike without accents: so four words run
together can be read in one way only, and every passphrase has its full 45 bits however it is typed (contract 5).
"""

import secrets
import unicodedata
from functools import cache
from importlib.resources import files

WORDS_IN_PASSPHRASE = 4


@cache
def words() -> tuple[str, ...]:
    """Our list: short Hungarian words, in lower case and with their accents."""
    return tuple(files(__package__).joinpath("words.txt").read_text(encoding="utf-8").split())


def new_passphrase() -> str:
    """Four words that nobody can guess, joined by "-"."""
    return "-".join(secrets.choice(words()) for _ in range(WORDS_IN_PASSPHRASE))


def normalised(text: str) -> str:
    """What counts of a passphrase: its letters and digits, without accents and case.

    "Alma kerek, madar felho" and "alma-kerék-madár-felhő" come to the same, in whichever Unicode form they arrive.
    """
    plain = _letters_of(text).casefold()
    # Folding may bring new marks: "İ" folds to an i with a dot above.
    return _letters_of(plain)


def _letters_of(text: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKD", text) if character.isalnum())
