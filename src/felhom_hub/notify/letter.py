"""What a message says, before it has a form: HTML and text are made of the same letter. Pure."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "hu"]
Tone = Literal["down", "warn", "ok", "info"]


@dataclass(frozen=True)
class Letter:
    """One message in its parts; an empty part is left out."""

    language: Language
    tone: Tone
    tag: str  # one word above the heading, in capitals
    subject: str
    heading: str
    preview: str  # what a mailbox shows beside the subject
    greeting: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    steps_heading: str
    steps: tuple[str, ...]
    link_label: str
    link: str
    closing: tuple[str, ...]  # lines
    footer: tuple[str, ...]  # a line each
    why_link: str = ""  # to the page that lays out why it was sent, for the operator
