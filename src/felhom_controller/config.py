"""The controller's configuration file: what is live, and what the hub may put in its place."""

import hashlib
import re
import threading
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from felhom_controller.files import replace_file

_SHOWN_CHARACTERS = 200
_MAX_DEPTH = 64
_MAX_MERGED = 10_000  # entries that `<<` brings into one mapping; a few lines can double them with each line
_MERGE_TAG = "tag:yaml.org,2002:merge"


class ConfigError(Exception):
    """A configuration that cannot be this controller's."""


class ConfigFile:
    """controller.yaml of one customer, and the one that it replaced."""

    def __init__(self, path: Path, customer_id: str) -> None:
        self._path = path
        self._customer_id = customer_id
        self._lock = threading.Lock()

    @property
    def previous_path(self) -> Path:
        return self._path.with_name(self._path.name + ".previous")

    def read(self) -> bytes | None:
        """The live configuration, or None before there is one; raises OSError."""
        return read_config(self._path)

    def hash(self) -> str | None:
        """sha256 hex of the live configuration's bytes, or None before there is one."""
        content = self.read()
        return None if content is None else hashlib.sha256(content).hexdigest()

    def check(self, content: bytes) -> None:
        """The bytes could be applied; raises ConfigError otherwise."""
        check_config(content, self._customer_id)

    def apply(self, content: bytes) -> None:
        """The new configuration is live on disk, and the old one is kept beside it.

        Raises ConfigError for bytes that are no YAML mapping, or another customer's.
        """
        self.check(content)
        with self._lock:
            old = self.read()
            if old == content:
                return
            if old is not None:
                replace_file(self.previous_path, old)
            replace_file(self._path, content)


def read_config(path: Path) -> bytes | None:
    """The configuration at the path, or None before there is one; raises OSError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def check_config(content: bytes, customer_id: str) -> None:
    """The bytes are a YAML mapping whose `customer.id` is this customer; raises ConfigError otherwise."""
    customer = _mapping(content).get("customer")
    named = customer.get("id") if isinstance(customer, dict) else None
    if named != customer_id:
        shown = "no customer" if named is None else repr(str(named)[:_SHOWN_CHARACTERS])
        raise ConfigError(f"customer.id must be {customer_id!r}; this configuration names {shown}")


def section_of(content: bytes | None, name: str) -> dict[str, Any]:
    """A section of the configuration; empty where there is none, and where it cannot be read."""
    try:
        section = {} if content is None else _mapping(content).get(name)
    except ConfigError:
        return {}
    return section if isinstance(section, dict) else {}


def _mapping(content: bytes) -> dict[Any, Any]:
    if _depth(content) > _MAX_DEPTH:
        raise ConfigError(f"the configuration is nested deeper than {_MAX_DEPTH} levels")
    try:
        parsed = _parsed(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise ConfigError("the configuration is not UTF-8 text") from None
    except YAMLError as error:
        raise ConfigError(f"the configuration is not YAML: {_place(error)}") from None
    # Nested too deep, or a number, date or tagged value that cannot be: the parser's own checks have gaps.
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise ConfigError("the configuration is not YAML that can be read") from None
    if not isinstance(parsed, dict):
        raise ConfigError("the configuration must be a YAML mapping")
    return parsed


def _parsed(text: str) -> Any:
    """What the text says; merges are counted before they are made."""
    yaml = YAML(typ="safe", pure=True)
    root = yaml.compose(text)
    if root is None:
        return None
    waiting, seen, sizes = [root], set[int](), dict[int, int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or isinstance(node, ScalarNode):
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            if _merged_size(node, sizes) > _MAX_MERGED:
                raise ConfigError(f"the configuration merges more than {_MAX_MERGED} entries into one mapping")
            waiting += [part for pair in node.value for part in pair]
        else:
            waiting += node.value
    return yaml.constructor.construct_document(root)


def _merged_size(node: Any, sizes: dict[int, int]) -> int:
    """How many entries the mapping has once its merges are made; `sizes` keeps what is known."""
    if id(node) not in sizes:
        sizes[id(node)] = 0  # for a mapping that merges itself
        total = 0
        for key, value in node.value:
            if key.tag != _MERGE_TAG:
                total += 1
                continue
            merged = value.value if isinstance(value, SequenceNode) else [value]
            total += sum(_merged_size(part, sizes) for part in merged if isinstance(part, MappingNode))
        sizes[id(node)] = total
    return sizes[id(node)]


def _depth(content: bytes) -> int:
    """The deepest nesting of brackets, quotes not minded; the parser's work grows with its square."""
    depth = deepest = 0
    for found in re.finditer(rb"[\[\]{}]", content):
        depth += 1 if found[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _place(error: YAMLError) -> str:
    """Where the YAML is wrong. The parser's own words are not used: they may quote a value, and values are secrets."""
    mark = getattr(error, "problem_mark", None)
    reason = "a key comes twice" if isinstance(error, DuplicateKeyError) else "it cannot be read"
    return reason if mark is None else f"{reason} in line {mark.line + 1}"
