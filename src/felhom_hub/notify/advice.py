"""What a message adds to what happened: what it means, and what can be done. The tables are beside it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Advice:
    """Of one type of event, in one language. `tag` is one or two words in capitals, `heading` the mail's own words."""

    tag: str
    heading: str
    meaning: str
    steps: tuple[str, ...] = ()
