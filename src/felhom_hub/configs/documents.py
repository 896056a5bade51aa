"""Reads YAML documents as values that every reader agrees on, and refuses what could be read in two ways. Pure."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from felhom_hub.configs.merge import Plain
from felhom_hub.configs.overrides import event_problem, key_problem
from felhom_hub.configs.scalars import settled

MAX_LENGTH: Final = 1 << 20

# Lines that leave no reader a choice: a comment, a key, or an item of a list, each with a value on the same line. There
# are no anchors, aliases, tags, escapes or tabs in them, and with so little indentation no text is too deep.
_WORD: Final = r"(?:[\w./@+~=-]|:(?=[\w./@+~=-]))+"
_CHARACTER: Final = "\u0020-\u007e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_PLAIN: Final = rf"(?=[\w/.~]){_WORD}(?: +{_WORD})*"
_QUOTED: Final = rf"""\"(?:(?!["\\])[{_CHARACTER}])*\"|'(?:(?!')[{_CHARACTER}])*'"""
_VALUE: Final = rf"{_PLAIN}|{_QUOTED}|\[\]|\{{\}}"
_KEY: Final = r"\w[\w.-]{0,80}:"
_ORDINARY_LINE: Final = re.compile(
    rf"(?:  ){{0,7}}(?:(?:- )?{_KEY}(?: +(?:{_VALUE}))?|- (?:{_VALUE}))?(?:(?:^| +)#[{_CHARACTER}]*)? *"
)


class DocumentError(ValueError):
    """What is wrong with a document, in a sentence with its line."""


@dataclass(frozen=True)
class Document:
    """A text, its root, whose nodes know their places in it, and its values."""

    text: str
    root: Any = field(repr=False)
    values: dict[str, Plain] = field(repr=False)


def document(text: str) -> Document:
    """The document, whose text ends with a line break; raises DocumentError."""
    text = text if text.endswith("\n") else f"{text}\n"
    root = compose(text)
    return Document(text, root, plain(root))


def compose(text: str) -> Any:
    """The document's root, a mapping whose nodes know their places; raises DocumentError."""
    if len(text) > MAX_LENGTH:
        raise DocumentError(f"It is longer than {MAX_LENGTH:,} characters.")
    try:
        if problem := event_problem(text):
            raise DocumentError(problem)
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"Line {mark.line + 1}" if mark else "It"
        raise DocumentError(f"{where} is not YAML: {error.problem or error.context}.") from None
    except (YAMLError, ValueError) as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError("It is not YAML that can be read.") from None
    if root is None or root.id != "mapping":
        raise DocumentError("It is no mapping of keys to values.")
    _check_keys(root)
    return root


def plain(node: Any) -> Plain:
    """The value of a node."""
    if node.id == "mapping":
        return {key.value: plain(value) for key, value in node.value}
    if node.id == "sequence":
        return [plain(item) for item in node.value]
    return settled(node.value)[0] if is_bare(node) else node.value


def read_plain(text: str) -> dict[str, Plain]:
    """The document's values; raises DocumentError."""
    values: dict[str, Plain] = plain(compose(text))
    return values


def read_again(text: str) -> dict[str, Plain]:
    """The values as another reader finds them (libyaml, of YAML 1.1, and forty times as fast); raises DocumentError.

    Only for a text that was looked at by `compose` or was written by `render`: this reader follows aliases.
    """
    try:
        root: Any = yaml.compose(text, Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, ValueError):
        raise DocumentError("It is not YAML to another reader.") from None
    if root is None or root.id != "mapping":
        raise DocumentError("It is no mapping of keys to values.")
    values: dict[str, Plain] = _checked(root)
    return values


def read_quickly(text: str) -> dict[str, Plain]:
    """As `read_plain` in its values and its refusals; as fast as `read_again` where every line is an ordinary one."""
    if len(text) <= MAX_LENGTH and all(map(_ORDINARY_LINE.fullmatch, text.split("\n"))):
        try:
            return read_again(text)
        except DocumentError:
            pass  # the other reader says what is wrong, and where
    return read_plain(text)


def is_read_alike(text: str) -> bool:
    """True where both readers find the same values, as of a text without line breaks of other scripts they do."""
    try:
        return read_plain(text) == read_again(text)
    except DocumentError:
        return False


def is_bare(node: Any) -> bool:
    """True for a scalar without quotes."""
    return node.style in {None, ""}


def _checked(node: Any) -> Plain:
    """The value of a node whose keys are words, none of them twice; as `plain` and `_check_keys` in one walk."""
    kind = node.id
    if kind == "scalar":
        return node.value if node.style else settled(node.value)[0]
    if kind == "sequence":
        return [_checked(item) for item in node.value]
    values = {}
    for key, value in node.value:
        name = key.value
        if key.id != "scalar" or name in values or name in {"<<", ""}:
            raise DocumentError(key_problem(node))
        values[name] = _checked(value)
    return values


def _check_keys(node: Any) -> None:
    if node.id == "sequence":
        for item in node.value:
            _check_keys(item)
    if node.id == "mapping":
        if problem := key_problem(node):
            raise DocumentError(problem)
        for _, value in node.value:
            _check_keys(value)
