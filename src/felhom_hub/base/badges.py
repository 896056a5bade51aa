"""A count beside an entry of the navigation or a tab. What is counted is said by rooms above. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Badge:
    """So many of something; `words` say of what, behind the count. `path` is the entry's or tab's."""

    path: str
    count: int
    words: str
