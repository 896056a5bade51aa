"""What the hub stores when it takes over a controller's file: identity, settings, overrides, tokens. Pure.

Only what differs from the template becomes an override. What the hub makes itself (address, key, session secret) and
what a box changes by itself is passed over. A secret goes to the credentials or nowhere: overrides are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from felhom_hub.boxes.overrides_text import rewritten
from felhom_hub.configs.documents import read_plain
from felhom_hub.configs.merge import Plain, is_empty
from felhom_hub.configs.overrides import has_values
from felhom_hub.configs.paths import (
    MISSING,
    VOLATILE,
    Path,
    dotted,
    holds_secret,
    is_equal,
    is_within,
    leaves,
    put,
    value_at,
)
from felhom_hub.configs.settings import LOG_LEVELS, Settings

_IDENTITY: Final = ("name", "email", "domain")
_TOKENS: Final = ("cf_tunnel_token", "cf_api_token")
# What the hub writes itself, whatever the box has.
_HUBS_OWN: Final[frozenset[Path]] = frozenset(
    {("customer", "id"), ("hub", "enabled"), ("hub", "url"), ("hub", "api_key"), *VOLATILE}
)
_ELSEWHERE: Final[frozenset[Path]] = frozenset(
    {("customer",), ("infrastructure",), ("monitoring", "enabled"), ("logging", "level")}
)
_UNDERSTOOD: Final[frozenset[Path]] = frozenset(
    {*(("customer", name) for name in _IDENTITY), *(("infrastructure", name) for name in _TOKENS)}
    | {("monitoring", "enabled"), ("logging", "level")}
)
# A section with such a key has to be a map.
_SECTIONS: Final[frozenset[Path]] = frozenset(path[:1] for path in _HUBS_OWN | _ELSEWHERE) - VOLATILE


@dataclass(frozen=True)
class Held:
    """What the hub has of the customer now; `tokens` by their kinds."""

    identity: Mapping[str, str]
    settings: Settings
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Pulled:
    """What the hub would have: `tokens` only those that are new; and what would become of which key."""

    identity: Mapping[str, str]
    settings: Settings
    tokens: Mapping[str, str] = field(repr=False)
    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    left: tuple[str, ...] = ()  # keys with a value that the hub has no place for

    @property
    def count(self) -> int:
        """How much would be stored otherwise than it is now."""
        return len(self.changed) + len(self.added) + len(self.dropped)


def pull(live: Mapping[str, Plain], *, template: Mapping[str, Plain], held: Held) -> Pulled:
    """What the hub would have after taking over `live`. Raises DocumentError where its overrides cannot be read."""
    return _Pulling(live, template, held).result()


class _Pulling:
    """Goes through the file once, and notes what would become of which key."""

    def __init__(self, live: Mapping[str, Plain], template: Mapping[str, Plain], held: Held) -> None:
        self.live, self.template, self.held = live, template, held
        overrides = held.settings.overrides
        self.present = dict(leaves(read_plain(overrides) if has_values(overrides) else {}))
        self.wanted: dict[Path, Plain] = {}
        self.changed, self.added = list[str](), list[str]()
        self.dropped, self.left = list[str](), list[str]()

    def result(self) -> Pulled:
        identity, tokens = self._identity(), self._tokens()
        monitored = self._setting(("monitoring", "enabled"), self.held.settings.is_monitored, (True, False))
        level = self._setting(("logging", "level"), self.held.settings.log_level or None, LOG_LEVELS)
        for path, value in leaves(self.live):
            if not self._is_elsewhere(path):
                self._override(path, value)
        self._end_what_is_gone()
        values: dict[str, Any] = {}
        for path, value in self.wanted.items():
            put(values, path, value)
        text = rewritten(self.held.settings.overrides, values)
        settings = replace(self.held.settings, is_monitored=monitored, log_level=level or "", overrides=text)
        notes = (tuple(each) for each in (self.changed, self.added, self.dropped, self.left))
        return Pulled(identity, settings, tokens, *notes)

    def _identity(self) -> dict[str, str]:
        found = dict(self.held.identity)
        for name in _IDENTITY:
            value = _text(value_at(self.live, ("customer", name)))
            if value and value != found.get(name, ""):
                found[name] = value
                self.changed.append(f"customer.{name}")
        return found

    def _tokens(self) -> dict[str, str]:
        found = {}
        for name in _TOKENS:
            value, has = _text(value_at(self.live, ("infrastructure", name))), self.held.tokens.get(name, "")
            if value and value != has:
                found[name] = value
                self.changed.append(f"infrastructure.{name}")
            elif has and not value:
                self.left.append(f"infrastructure.{name}")
        return found

    def _setting(self, path: Path, held: Any, possible: tuple[Any, ...]) -> Any:
        """The setting as the box has it; None is the template's."""
        found, usual = value_at(self.live, path), value_at(self.template, path)
        if is_equal(found, usual if held is None else held):
            return held
        if not any(is_equal(found, each) for each in possible):
            self.left.append(dotted(path))
            return held
        self.changed.append(dotted(path))
        return None if is_equal(found, usual) else found

    def _is_elsewhere(self, path: Path) -> bool:
        """True for what no override may say; what else stands there is left on the box."""
        if not (path in _SECTIONS or is_within(path, _HUBS_OWN | _ELSEWHERE)):
            return False
        if path not in _UNDERSTOOD and not is_within(path, _HUBS_OWN):
            self.left.append(dotted(path))
        return True

    def _override(self, path: Path, value: Plain) -> None:
        was, usual = self.present.get(path, MISSING), value_at(self.template, path)
        if is_equal(usual if was is MISSING or is_empty(was) else was, value):
            if was is not MISSING:
                self.wanted[path] = was  # the operator's own line, though it may say what the template says
        elif holds_secret(path, value) or is_empty(value):
            self.left.append(dotted(path))
            if was is not MISSING:
                self.wanted[path] = was
        elif is_equal(usual, value):
            self.dropped.append(dotted(path))
        else:
            self.wanted[path] = value
            (self.added if was is MISSING else self.changed).append(dotted(path))

    def _end_what_is_gone(self) -> None:
        """Overrides that the box has not are dropped; what it lacks of the template cannot be said by any."""
        for path, was in self.present.items():
            if path in self.wanted or dotted(path) in self.dropped:
                continue
            if is_empty(was):
                self.wanted[path] = was
            elif not any(_is_above(each, path) or _is_above(path, each) for each in self.wanted):
                self.dropped.append(dotted(path))
        for path, value in leaves(self.template):
            is_gone = value_at(self.live, path) is MISSING and not is_empty(value)
            if is_gone and not is_within(path, _HUBS_OWN | _ELSEWHERE):
                self.left.append(dotted(path))


def _text(value: Plain) -> str:
    return value.strip() if isinstance(value, str) else ""


def _is_above(path: Path, other: Path) -> bool:
    return other[: len(path)] == path
