"""What one setting is: a default, a rule that reads its text, a sentence of help; which there are is options.py's."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")

# In a default, stands for the value of server.data_dir.
DATA_DIR = "{data_dir}"
ENVIRONMENT_PREFIX = "FELHOM_HUB_"
FILE_SUFFIX = "_FILE"


@dataclass(frozen=True)
class Rule(Generic[T]):
    """How a setting's text is read. `must_be` ends the sentence "it must be …"; `read` raises ValueError with a detail.

    A list is read from its items joined by line breaks, so that one reader serves YAML and environment.
    The detail of a secret's rule may not repeat any of the value.
    """

    must_be: str
    read: Callable[[str], T]
    is_list: bool = False


@dataclass(frozen=True)
class Setting:
    """One line of the table; `default` is text for the rule, or None where "not set" is a state of its own."""

    section: str
    name: str
    default: str | None
    rule: Rule[Any]
    text: str
    is_secret: bool

    @property
    def key(self) -> str:
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return f"{ENVIRONMENT_PREFIX}{self.section}__{self.name}".upper()

    def default_value(self, data_dir: Path) -> object:
        if self.default is None:
            return None
        return self.rule.read(self.default.replace(DATA_DIR, str(data_dir)))


def option(default: str | None, rule: Rule[T], text: str) -> T:
    """A dataclass field that carries its own default, rule and help."""
    return _field(default, rule, text, is_secret=False)


def secret(default: str | None, rule: Rule[T], text: str) -> T:
    """As `option`, but never shown, and readable from a file named by the environment variable with _FILE."""
    return _field(default, rule, text, is_secret=True)


def _field(default: str | None, rule: Rule[T], text: str, *, is_secret: bool) -> T:
    marks = {"default": default, "rule": rule, "text": text, "is_secret": is_secret}
    # To its callers the field is a value of the rule's type, as dataclasses.field is to its own.
    return cast("T", field(repr=not is_secret, metadata=marks))


def items_of(text: str) -> list[str]:
    """The items between commas (environment) or line breaks (joined from YAML), without empty ones."""
    return [item.strip() for item in re.split(r"[,\n]", text) if item.strip()]


def settings_of(options: type[Any]) -> Iterator[Setting]:
    """Every setting of a dataclass of sections, in the order of the table."""
    for section in fields(options):
        for entry in fields(cast("type[Any]", section.type)):
            yield Setting(section=section.name, name=entry.name, **entry.metadata)
