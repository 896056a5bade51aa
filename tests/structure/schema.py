"""Checks a JSON value against a schema of our OpenAPI document; knows the words of JSON Schema that the document uses.

A word that it does not know is a mistake of the schema: it must not count as fulfilled.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from felhom_hub.base.instants import parse_rfc3339

KNOWN_WORDS = frozenset(
    {
        "$ref", "additionalProperties", "const", "default", "description", "enum", "format", "items", "maxLength",
        "maximum", "minimum", "pattern", "properties", "required", "type",
    }
)  # fmt: skip
_TYPES: Mapping[str, tuple[type, ...]] = {
    "null": (type(None),),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "array": (list,),
    "object": (dict,),
}


def misfits(value: Any, schema: Mapping[str, Any], document: Mapping[str, Any], where: str = "$") -> list[str]:
    """What does not fit, each with its place; empty when all does."""
    return list(_misfits(value, schema, document, where))


def resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a reference leads to, or the schema itself; KeyError where it leads nowhere."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Any = document
    for part in str(reference).removeprefix("#/").split("/"):
        found = found[part]
    return resolved(found, document)


def _misfits(value: Any, written: Mapping[str, Any], document: Mapping[str, Any], where: str) -> Iterator[str]:
    schema = resolved(written, document)
    strange = set(schema) - KNOWN_WORDS
    if strange:
        yield f"{where}: the schema uses {', '.join(sorted(strange))}"
    types = schema.get("type", [])
    names = types if isinstance(types, list) else [types]
    if names and not any(_is_of(value, name) for name in names):
        yield f"{where}: {value!r} is not {' or '.join(names)}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{where}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {schema['enum']}"
    if isinstance(value, str):
        yield from _text_misfits(value, schema, where)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _misfits(item, schema.get("items", {}), document, f"{where}[{index}]")
    elif isinstance(value, dict):
        yield from _object_misfits(value, schema, document, where)
    elif value is not None:
        yield from _number_misfits(value, schema, where)


def _is_of(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, _TYPES[name])


def _text_misfits(value: str, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if "pattern" in schema and not re.search(schema["pattern"], value, re.ASCII):
        yield f"{where}: {value!r} does not match {schema['pattern']}"
    if schema.get("format") == "date-time" and parse_rfc3339(value) is None:
        yield f"{where}: {value!r} is no time"
    if len(value) > schema.get("maxLength", len(value)):
        yield f"{where}: {value!r} is too long"


def _number_misfits(value: float, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if value < schema.get("minimum", value) or value > schema.get("maximum", value):
        yield f"{where}: {value!r} is out of range"


def _object_misfits(
    value: Mapping[str, Any], schema: Mapping[str, Any], document: Mapping[str, Any], where: str
) -> Iterator[str]:
    members = schema.get("properties", {})
    yield from (f"{where}: {name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, member in value.items():
        if name in members:
            yield from _misfits(member, members[name], document, f"{where}.{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{where}: {name} is not described"
