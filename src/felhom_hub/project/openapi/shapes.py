"""The members of a schema, one after the other with those of nested objects, as people read them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from felhom_hub.project.openapi.operation import Schema


@dataclass(frozen=True)
class Member:
    """`name` is the way to it, such as `storage[].percent`; `kind` ends where the name of its `schema` follows."""

    name: str
    kind: str  # such as `text or null`, `list of `; empty where it is just the schema
    schema: str  # the one of the components that it refers to; empty without
    is_required: bool
    text: str
    words: tuple[str, ...]  # the only ones that there are; empty: any


def members_of(schema: Schema, prefix: str = "") -> Iterator[Member]:
    """Each member; those of an object below as `a.b`, those of a list's objects as `a[].b`."""
    required = () if "additionalProperties" in schema else schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        kind, refers_to = _kind_of(member)
        text = member.get("description", "")
        yield Member(prefix + name, kind, refers_to, name in required, text, choices_of(member))
        if member.get("type") == "object":
            yield from members_of(member, f"{prefix}{name}.")
        elif member.get("type") == "array":
            yield from members_of(member["items"], f"{prefix}{name}[].")


def choices_of(schema: Schema) -> tuple[str, ...]:
    """The words that are possible, null aside."""
    return tuple(word for word in schema.get("enum", ()) if word is not None)


def _kind_of(schema: Schema) -> tuple[str, str]:
    if "$ref" in schema:
        return "", schema["$ref"].rpartition("/")[2]
    if schema["type"] == "array":
        kind, refers_to = _kind_of(schema["items"])
        return f"list of {kind}", refers_to
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(
        "time" if schema.get("format") == "date-time" and kind == "string" else kind for kind in kinds
    ), ""
