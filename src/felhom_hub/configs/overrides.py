"""The free YAML overrides: what may be written, and where a mistake is. Pure.

The text is kept as it was typed. Here it is only looked at: event by event first, so that nothing is built of what is
too deep or refers to itself, then as nodes, which know their lines.
"""

from collections.abc import Iterator
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

MAX_LENGTH: Final = 16_384
_MAX_DEPTH: Final = 20

# What the hub writes itself, and where the operator sets it. A path stands for all that is below it.
OWNED: Final[dict[tuple[str, ...], str]] = {
    ("customer",): "set it under Identity",
    ("hub", "api_key"): "the hub makes the key itself",
    ("hub", "url"): "it is server.public_url in hub.yaml",
    ("web", "session_secret"): "the hub makes it itself",
    ("infrastructure",): "enter tokens under Infrastructure tokens",
    ("monitoring", "enabled"): "set it under Monitoring overrides",
    ("monitoring", "ping_uuids"): "set them under Legacy monitoring UUIDs",
    ("logging", "level"): "set it under Monitoring overrides",
    ("local_api",): "the box writes it itself",
}


def problem_of(text: str) -> str:
    """One sentence about the first mistake, with its line; empty where there is none."""
    if len(text) > MAX_LENGTH:
        return f"Must be at most {MAX_LENGTH:,} characters long."
    for number, line in enumerate(text.splitlines(), start=1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return f"Line {number}: indent with spaces, not with tabs."
    try:
        return event_problem(text) or _node_problem(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"Line {mark.line + 1}" if mark else "This"
        return f"{where} is not YAML: {error.problem or error.context}."
    except (YAMLError, ValueError):
        return "This is not YAML that can be read."


def read_overrides(text: str) -> dict[str, Any]:
    """The mapping in a text without a problem; empty for an empty one."""
    found = YAML(typ="safe", pure=True).load(text)
    return dict(found) if found else {}


def has_values(overrides: str) -> bool:
    """False for a text of comments and blank lines alone."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in overrides.splitlines())


def event_problem(text: str) -> str:
    """What is possible in YAML and not here, with its line; nothing is built of the text. Raises YAMLError."""
    depth = documents = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        kind = type(event).__name__
        where = f"Line {event.start_mark.line + 1}"
        documents += kind == "DocumentStartEvent"
        if documents > 1:
            return f"{where}: only one document is possible."
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            return f"{where}: anchors and aliases (& and *) are not possible here; write the value out."
        if getattr(event, "tag", None) is not None:
            return f"{where}: tags (!) are not possible here."
        depth += kind in {"MappingStartEvent", "SequenceStartEvent"}
        depth -= kind in {"MappingEndEvent", "SequenceEndEvent"}
        if depth > _MAX_DEPTH:
            return f"{where}: more than {_MAX_DEPTH} levels deep."
    return ""


def _node_problem(text: str) -> str:
    root = YAML(typ="safe", pure=True).compose(text)
    if root is None:
        return ""
    if root.id != "mapping":
        return "Must be keys with values, such as assets: and below it sync_enabled: true."
    for problem in _key_problems(root, ()):
        return problem
    read_overrides(text)  # a date of the 13th month is seen by nothing before this
    return ""


def key_problem(mapping: Any) -> str:
    """What is wrong with the first odd key of one mapping's node; empty where all are words and none is there twice."""
    seen: set[str] = set()
    for key, _ in mapping.value:
        where = f"Line {key.start_mark.line + 1}"
        if key.id != "scalar" or key.value in {"<<", ""}:
            return f"{where}: a key must be a word."
        if key.value in seen:
            return f"{where}: {key.value} is there twice."
        seen.add(key.value)
    return ""


def _key_problems(node: Any, path: tuple[str, ...]) -> Iterator[str]:
    if node.id == "sequence":
        for item in node.value:
            yield from _key_problems(item, (*path, "[]"))
    if node.id != "mapping":
        return
    if problem := key_problem(node):
        yield problem
        return
    for key, value in node.value:
        where = f"Line {key.start_mark.line + 1}"
        here = (*path, key.value)
        dotted = ".".join(here)
        if here in OWNED:
            yield f"{where}: {dotted} cannot be overridden; {OWNED[here]}."
        is_parent = any(owned[: len(here)] == here for owned in OWNED)
        if is_parent and value.id != "mapping" and value.value not in {"", "~", "null"}:
            yield f"{where}: {dotted} must be a mapping, since the hub writes keys below it."
        yield from _key_problems(value, here)
