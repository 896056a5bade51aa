"""A configuration's values by their paths: what is one value, what is volatile, what is a secret. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from felhom_hub.base.tolerant import as_line
from felhom_hub.configs.masking import MASK, is_secret
from felhom_hub.configs.merge import Plain, is_empty
from felhom_hub.configs.scalars import written

Path = tuple[str, ...]
MISSING: Final = object()
_MAX_SHOWN: Final = 300  # characters of a value

# What a box changes by itself, and so says nothing about its configuration (contract 9); each with all below it.
VOLATILE: Final[frozenset[Path]] = frozenset({("monitoring", "ping_uuids"), ("local_api",), ("web", "session_secret")})


def leaves(values: Mapping[str, Plain], path: Path = ()) -> Iterator[tuple[Path, Plain]]:
    """Every value by its path: scalars, lists, empty maps, and what a secret's key holds as a whole."""
    for key, value in values.items():
        here = (*path, key)
        if isinstance(value, Mapping) and value and not is_secret(key):
            yield from leaves(value, here)
        else:
            yield here, value


def value_at(values: Mapping[str, Plain], path: Path) -> Plain:
    """The value there, or MISSING."""
    found: Plain = values
    for key in path:
        if not isinstance(found, Mapping) or key not in found:
            return MISSING
        found = found[key]
    return found


def put(values: dict[str, Plain], path: Path, value: Plain) -> None:
    """The value stands there; what stood in its way is gone."""
    for key in path[:-1]:
        if not isinstance(values.get(key), dict):
            values[key] = {}
        values = values[key]
    values[path[-1]] = value


def is_within(path: Path, paths: Mapping[Path, object] | frozenset[Path]) -> bool:
    """True where the path or one above it is among them."""
    return any(path[:length] in paths for length in range(1, len(path) + 1))


def is_equal(left: Plain, right: Plain) -> bool:
    """Equal by value: maps in any order, 1 as 1.0, but true is not 1, and "7" is not 7."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(is_equal(value, right[key]) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(is_equal, left, right))
    both_not_numbers = left != left and right != right  # noqa: PLR0124 - what tells a NaN
    return bool(left == right) or both_not_numbers


def holds_secret(path: Path, value: Plain) -> bool:
    """True where the path or something in the value is a secret's."""
    if any(map(is_secret, path)):
        return True
    if isinstance(value, Mapping):
        return any(holds_secret((key,), each) for key, each in value.items())
    return isinstance(value, list) and any(holds_secret((), each) for each in value)


def dotted(path: Path) -> str:
    """The path as it is written: `hub.url`; a key with a point in it stands in quotes."""
    return ".".join(f'"{key}"' if "." in key else key for key in path)


def shown(value: Plain, hidden: bool) -> str | None:
    """The value on one line as a page prints it, a mask for one that is hidden; None where it is missing."""
    if value is MISSING:
        return None
    if hidden and not is_empty(value):
        return MASK
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping | list) else written(value)
    return as_line(text, _MAX_SHOWN)
