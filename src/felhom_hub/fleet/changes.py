"""What is different since the operator last looked: statuses then against statuses now. Pure.

Then is kept as the servers that needed attention, which are few; whatever else happened in between and is over again
is not told.
"""

import json
from collections.abc import Iterable
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


class Named(NamedTuple):
    """A server as the sentence needs it."""

    pk: int
    name: str


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


def changes_of(then: Then, *, down: Iterable[Named], warned: Iterable[Named], well: Iterable[Named]) -> Changes:
    """Who has gone down, who has a new warning, and who is well again; who came from DOWN to WARN is neither."""
    was_down, was_warned = then.trouble
    troubled = was_down | was_warned
    kinds = (
        ("down", "x", "went down", "went down", [server for server in down if server.pk not in was_down]),
        ("warn", "up", "new warning", "new warnings", [server for server in warned if server.pk not in troubled]),
        ("ok", "check", "recovered", "recovered", [server for server in well if server.pk in troubled]),
    )
    parts = [
        Change(tone, icon, f"{len(servers):,} {one if len(servers) == 1 else many}", _only_name(servers))
        for tone, icon, one, many, servers in kinds
        if servers
    ]
    return Changes(then.at, parts, frozenset(server.pk for *_, servers in kinds for server in servers))


def written(trouble: Trouble) -> str:
    """How it is stored."""
    return json.dumps([sorted(trouble.down), sorted(trouble.warned)], separators=(",", ":"))


def read(stored: str) -> Trouble:
    """What `written` wrote."""
    down, warned = json.loads(stored)
    return Trouble(frozenset(down), frozenset(warned))


def _only_name(servers: list[Named]) -> str:
    return servers[0].name if len(servers) == 1 else ""
