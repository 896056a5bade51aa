"""What is different since the operator last looked: statuses then against statuses now. Pure.

Then is kept as the servers that needed attention, which are few; whatever else happened in between and is over again
is not told.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Trouble(NamedTuple):
    """Who needed attention at one moment, by the customers' keys."""

    down: frozenset[int]
    warned: frozenset[int]


class Then(NamedTuple):
    """When the operator last looked, and at what."""

    at: datetime
    trouble: Trouble


class Moved(NamedTuple):
    """Who has gone down, who has a new warning, and who is well again, by the customers' keys."""

    down: list[int]
    warned: list[int]
    well: list[int]

    @property
    def alone(self) -> list[int]:
        """Those that are the only ones of their kind, whom the sentence names."""
        return [pks[0] for pks in self if len(pks) == 1]


@dataclass(frozen=True, slots=True)
class Change:
    """One part of the sentence; `name` is there where it is about a single server."""

    tone: str
    icon: str
    words: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """The whole sentence, and the keys of the servers that it is about."""

    since: datetime
    parts: list[Change]
    pks: frozenset[int]


def moved_since(then: Then, now: Trouble, *, well: Iterable[int]) -> Moved:
    """What has become of them; who came from DOWN to WARN is neither. `well` are those that are OK now."""
    was_down, was_warned = then.trouble
    troubled = was_down | was_warned
    return Moved(sorted(now.down - was_down), sorted(now.warned - troubled), sorted(troubled.intersection(well)))


def changes_of(then: Then, moved: Moved, names: Mapping[int, str]) -> Changes:
    """The sentence; `names` has those that are alone."""
    kinds = (
        ("down", "x", "went down", "went down", moved.down),
        ("warn", "up", "new warning", "new warnings", moved.warned),
        ("ok", "check", "recovered", "recovered", moved.well),
    )
    parts = [
        Change(tone, icon, f"{len(pks):,} {one if len(pks) == 1 else many}", names[pks[0]] if len(pks) == 1 else "")
        for tone, icon, one, many, pks in kinds
        if pks
    ]
    return Changes(then.at, parts, frozenset(pk for pks in moved for pk in pks))


def written(trouble: Trouble) -> str:
    """How it is stored."""
    return json.dumps([sorted(trouble.down), sorted(trouble.warned)], separators=(",", ":"))


def read(stored: str) -> Trouble:
    """What `written` wrote."""
    down, warned = json.loads(stored)
    return Trouble(frozenset(down), frozenset(warned))
