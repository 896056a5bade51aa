"""Which acknowledgements a row or banner shows, and of what each is. Asks no database.

A row says one thing that is wrong. Who has taken that is named without more; who has taken something else, with what:
a silent server whose failed backup was taken must not look taken itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from felhom_hub.notify.taken import Taken
from felhom_hub.reports.status import Status, Verdict

_SILENCE = frozenset(("node_stale", "node_down"))
_HEALTH = frozenset(("health_degraded",))


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """`what` stands before "acknowledged by"; it is empty for what the row or banner is about."""

    what: str
    by: str
    note: str
    at: datetime


def acknowledgements(taken: Iterable[Taken], verdict: Verdict) -> list[Acknowledgement]:
    """Those of a server that needs somebody, what it needs him for first; a calm one has none."""
    if verdict.status not in (Status.DOWN, Status.WARN):
        return []
    shown = _SILENCE if verdict.is_silent else _HEALTH
    ordered = sorted(taken, key=lambda each: each.event_type not in shown)
    return [Acknowledgement(_what(each, shown), each.by, each.note, each.at) for each in ordered]


def _what(taken: Taken, shown: frozenset[str]) -> str:
    if taken.incident:
        return f"incident {taken.incident}"
    return "" if taken.event_type in shown else f"{taken.label}:"
