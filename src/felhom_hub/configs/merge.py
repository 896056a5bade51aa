"""Lays values over a document: maps merge, scalars and lists replace, what is empty keeps what is there. Pure."""

from collections.abc import Mapping
from typing import Any

Plain = Any  # str, int, float, bool, None, and lists and dicts of them


def merged(base: Mapping[str, Plain], overrides: Mapping[str, Plain]) -> dict[str, Plain]:
    """`base` with the overrides over it; keys that only these have come after the others (contract 9)."""
    result = dict(base)
    for key, value in overrides.items():
        if is_empty(value):
            result.setdefault(key, value)
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


def is_empty(value: Plain) -> bool:
    """True for what keeps the value of the template: null, an empty text, an empty map or list."""
    return value is None or (isinstance(value, str | list | dict) and not value)
