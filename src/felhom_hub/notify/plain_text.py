"""A letter as plain text of 72 columns, for whoever reads no HTML. Pure."""

import textwrap
from collections.abc import Sequence

from felhom_hub.notify.letter import Letter

WHY = "Why did I get this"
WIDTH = 72  # RFC 3676 and habit: quoted once or twice it still fits 80


def text_of(letter: Letter) -> str:
    """The whole letter, ending with a line break."""
    title = letter.heading if letter.language == "hu" else f"{letter.tag}: {letter.heading}"
    blocks = [
        _wrapped(title),
        _wrapped(letter.greeting),
        *(_wrapped(each) for each in letter.paragraphs),
        _table(letter.facts),
        letter.steps_heading if letter.steps else "",
        "\n".join(_step(number, step) for number, step in enumerate(letter.steps, 1)),
        f"{letter.link_label}:\n{letter.link}" if letter.link else "",
        "\n".join(letter.closing),
    ]
    body = "\n\n".join(block for block in blocks if block)
    # "-- " with its space is the signature's mark (RFC 3676, 4.3).
    why = (f"{WHY}: {letter.why_link}",) if letter.why_link else ()
    return f"{body}\n\n-- \n" + "\n".join((*map(_wrapped, letter.footer), *why)) + "\n"


def _wrapped(text: str, *, first: str = "", indent: str = "") -> str:
    # An address is never broken, however long it is.
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _table(facts: Sequence[tuple[str, str]]) -> str:
    width = max((len(name) for name, _ in facts), default=0) + 2
    return "\n".join(_wrapped(value, first=f"{name}:".ljust(width), indent=" " * width) for name, value in facts)


def _step(number: int, step: str) -> str:
    lead = f"{number}. "
    return _wrapped(step, first=lead, indent=" " * len(lead))
