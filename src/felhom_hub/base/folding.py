"""Texts as a search and an order by name see them. Pure."""

import unicodedata


def folded(text: str) -> str:
    """Lower case without accents, for a search that ignores both."""
    if text.isascii():  # nothing to take apart, and most texts are; going through the letters takes ten times as long
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
