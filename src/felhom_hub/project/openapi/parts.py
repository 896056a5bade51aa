"""The few shapes that our schemas are put together from, in JSON Schema's words (draft 2020-12). Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from felhom_hub.project.openapi.operation import Schema


def text(says: str, **more: Any) -> Schema:
    """A text."""
    return {"type": "string", "description": says, **more}


def instant(says: str) -> Schema:
    """A point in time as RFC 3339."""
    return text(says, format="date-time")


def number(says: str, **more: Any) -> Schema:
    """A number."""
    return {"type": "number", "description": says, **more}


def percent(says: str) -> Schema:
    """A number from 0 to 100."""
    return number(says, minimum=0, maximum=100)


def count(says: str, **more: Any) -> Schema:
    """A whole number, not below 0."""
    return {"type": "integer", "minimum": 0, "description": says, **more}


def flag(says: str, **more: Any) -> Schema:
    """True or false."""
    return {"type": "boolean", "description": says, **more}


def listed(says: str, items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items, "description": says}


def one_of(says: str, words: Iterable[str]) -> Schema:
    """One of some words."""
    return text(says, enum=list(words))


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **more}


def named(name: str) -> Schema:
    """A reference to a schema among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def sent(says: str, members: Mapping[str, Schema], *, required: Iterable[str] = ()) -> Schema:
    """An object that a caller sends: other members are read over, and few are required."""
    return {"type": "object", "description": says, "required": list(required), "properties": dict(members)}


def answered(says: str, members: Mapping[str, Schema], *, optional: Iterable[str] = ()) -> Schema:
    """An object that the hub answers: exactly these members, all of them but the `optional` ones always."""
    left_out = frozenset(optional)
    return {
        "type": "object",
        "description": says,
        "required": [name for name in members if name not in left_out],
        "properties": dict(members),
        "additionalProperties": False,
    }


OK = flag("Always true; a refusal has false.", const=True)
