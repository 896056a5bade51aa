"""Whom the audit's entries are about, as they are called today.

The audit keeps ids as text and knows no customers; the room above that does registers who can say.
"""

from collections.abc import Callable, Collection, Mapping

NamesOf = Callable[[Collection[str]], Mapping[str, str]]

_sources: dict[str, NamesOf] = {}


def register_names(room: str, names_of: NamesOf) -> None:
    """`names_of` gives the name, or an empty text, of each of the ids that is there now."""
    _sources[room] = names_of


def names_now(ids: Collection[str]) -> dict[str, str]:
    """What each of the ids that are there now is called; one without a name is called by its id."""
    found = {key: name for names_of in _sources.values() for key, name in names_of(ids).items()} if ids else {}
    return {key: name or key for key, name in found.items()}
