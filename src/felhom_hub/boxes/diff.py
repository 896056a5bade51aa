"""The difference between what the hub wants of a box and what the box has, key by key and by value. Pure.

Both files hold secrets. No value of a secret's key leaves this module, nor any text that holds one of the secrets
that the hub knows: that they differ is all that is told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from felhom_hub.base.tolerant import as_line
from felhom_hub.configs.merge import Plain
from felhom_hub.configs.paths import (
    MISSING,
    VOLATILE,
    Path,
    dotted,
    holds_secret,
    is_equal,
    is_within,
    leaves,
    shown,
    value_at,
)

_MAX_KEY: Final = 200
_SHORTEST_SECRET: Final = 8  # of one that is looked for in other values; a shorter one is in many of them


_ADDED: Final = "Set on the controller if you push, dropped here if you pull"
_ONLY_THERE: Final = "A secret that only the controller has; removed if you push, and no pull stores it"


class Kind(StrEnum):
    """Where a key is, and whether its value differs."""

    CHANGED = "changed"
    HUB = "only in hub"
    CONTROLLER = "only on controller"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class Line:
    """One key with its three values as they may be shown; None is not set."""

    path: Path
    kind: Kind
    template: str | None
    hub: str | None
    controller: str | None
    is_secret: bool

    @property
    def key(self) -> str:
        """The path as a page prints it."""
        return as_line(dotted(self.path), _MAX_KEY)

    @property
    def meaning(self) -> str:
        """What comes of the difference, in a sentence."""
        return meaning_of(self)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The lines that differ and those that do not, in the hub's order; so many `volatile` keys were left out."""

    differences: tuple[Line, ...] = ()
    equal: tuple[Line, ...] = ()
    volatile: int = 0

    def count(self, kind: Kind) -> int:
        """How many of the differences are of this kind."""
        return sum(line.kind is kind for line in self.differences)


def meaning_of(line: Line) -> str:
    """What a push or a pull would make of the key."""
    if line.kind is Kind.HUB:
        return "The template’s value holds on the controller if you push" if line.hub == line.template else _ADDED
    if line.kind is Kind.CONTROLLER:
        return _ONLY_THERE if line.is_secret else "Removed from the controller if you push, an override if you pull"
    if line.is_secret:
        return "The secrets differ; the values are never shown"
    if line.hub == line.template:
        return "The controller’s own value becomes an override if you pull"
    if line.controller == line.template:
        return "The controller runs the template’s value; the override goes if you pull"
    return "Both differ from the template"


def compare(
    hub: Mapping[str, Plain],
    controller: Mapping[str, Plain],
    *,
    template: Mapping[str, Plain],
    secrets: Collection[str] = (),
) -> Comparison:
    """The difference between the hub's file and the controller's; `secrets` are those that the hub knows."""
    known = [secret for secret in secrets if len(secret) >= _SHORTEST_SECRET]
    lines, volatile = [], 0
    for path in _paths(hub, controller):
        if is_within(path, VOLATILE):
            volatile += 1
        else:
            lines.append(_line(path, value_at(template, path), value_at(hub, path), value_at(controller, path), known))
    differences = tuple(line for line in lines if line.kind is not Kind.EQUAL)
    return Comparison(differences, tuple(line for line in lines if line.kind is Kind.EQUAL), volatile)


def _paths(hub: Mapping[str, Plain], controller: Mapping[str, Plain]) -> list[Path]:
    """Where either has a value; where one has a map and the other a value, the map as a whole."""
    ours = [path for path, _ in leaves(hub)]
    theirs = [path for path, _ in leaves(controller)]
    tops = _tops(ours, controller) | _tops(theirs, hub)
    found: dict[Path, None] = {}
    for path in (*ours, *theirs):
        top = next((path[:length] for length in range(1, len(path)) if path[:length] in tops), path)
        found[top] = None
    return list(found)


def _tops(paths: list[Path], other: Mapping[str, Plain]) -> set[Path]:
    """Those above which nothing and at which the other has a value of another form."""
    tops = set()
    for path in paths:
        for length in range(1, len(path)):
            there = value_at(other, path[:length])
            if there is MISSING:
                break
            if not isinstance(there, Mapping) or not there:
                tops.add(path[:length])
                break
    return tops


def _line(path: Path, template: Plain, hub: Plain, controller: Plain, secrets: list[str]) -> Line:
    if hub is MISSING or controller is MISSING:
        kind = Kind.CONTROLLER if hub is MISSING else Kind.HUB
    else:
        kind = Kind.EQUAL if is_equal(hub, controller) else Kind.CHANGED
    hidden = any(holds_secret(path, each) or _holds_one_of(secrets, each) for each in (template, hub, controller))
    return Line(path, kind, shown(template, hidden), shown(hub, hidden), shown(controller, hidden), hidden)


def _holds_one_of(secrets: list[str], value: Plain) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_one_of(secrets, each) for pair in value.items() for each in pair)
    if isinstance(value, list):
        return any(_holds_one_of(secrets, each) for each in value)
    return isinstance(value, str) and any(secret in value for secret in secrets)
