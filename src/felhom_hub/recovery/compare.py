"""What has changed between two versions: which parts and keys, never a value, for any of them may be a secret. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from felhom_hub.base.tolerant import as_line
from felhom_hub.configs.masking import is_secret

MAX_CHANGES: Final = 200
_MAX_KEY: Final = 80
# By these the entries of a list are recognised, so that their order says nothing.
_NAMES = ("name", "uuid", "id", "path")
_MISSING: Final = object()


class Kind(StrEnum):
    """What became of a key."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """One key, by its path from the part on; the path is empty where it is the part as a whole."""

    part: str
    path: str
    kind: Kind
    is_secret: bool = False


@dataclass(frozen=True)
class Comparison:
    """The changes in order of their keys; `is_cut` where there are more of them."""

    changes: Sequence[Change]
    is_cut: bool = False


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """The changes from one version's parts to another's."""
    found = list(islice(_between(before, after, ()), MAX_CHANGES + 1))
    return Comparison(found[:MAX_CHANGES], len(found) > MAX_CHANGES)


def _between(before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Change]:
    for name in sorted({*before, *after}):
        old, new = before.get(name, _MISSING), after.get(name, _MISSING)
        here = (*path, as_line(name, _MAX_KEY))
        if old is _MISSING or new is _MISSING:
            yield _change(here, name, Kind.ADDED if old is _MISSING else Kind.REMOVED)
        elif _is_same(old, new):
            continue
        elif is_secret(name):  # below it not even keys are told: somebody may keep a password as one
            yield _change(here, name, Kind.CHANGED)
        else:
            inner = _inner(old), _inner(new)
            if inner[0] is None or inner[1] is None:
                yield _change(here, name, Kind.CHANGED)
            else:
                yield from _between(inner[0], inner[1], here)


def _is_same(old: object, new: object) -> bool:
    """Equal in value and kind; in Python true and 1 are one."""
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    inner = _inner(old), _inner(new)
    if inner[0] is not None and inner[1] is not None:
        return inner[0].keys() == inner[1].keys() and all(_is_same(inner[0][each], inner[1][each]) for each in inner[0])
    return type(old) is type(new) and old == new


def _inner(value: object) -> Mapping[str, Any] | None:
    """What an object or a list holds by name; an entry of a list without one goes by its place."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        return None
    for key in _NAMES:
        names = [str(each[key]) for each in value if isinstance(each, dict) and isinstance(each.get(key), str)]
        if len(set(names)) == len(value):
            return dict(zip(names, value, strict=True))
    return {str(place): each for place, each in enumerate(value, 1)}


def _change(path: tuple[str, ...], name: str, kind: Kind) -> Change:
    return Change(path[0], " › ".join(path[1:]), kind, is_secret=is_secret(name))
