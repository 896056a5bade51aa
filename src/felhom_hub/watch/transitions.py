"""Decides when a node has fallen silent, is silent for longer, or is heard again; one step a check. Pure.

What silence is measured in is the hub's hearing time (`deaf_time.py`): the clock stands still while the hub is deaf.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from felhom_hub.base.words import span_words
from felhom_hub.events.catalogue import CATALOGUE, Severity
from felhom_hub.reports.status import Status, Thresholds, status_of


class Level(StrEnum):
    """How silent a node is; a blocked one has none, nor has one that never reported."""

    HEARD = "heard"
    STALE = "stale"
    DOWN = "down"


@dataclass(frozen=True)
class Known:
    """What was told last: the level, and the newest report that was known when it began."""

    level: Level
    heard_at: datetime
    is_told: bool


@dataclass(frozen=True)
class Step:
    """A node's new level; `event_type` is None where there is nothing to tell."""

    known: Known
    event_type: str | None = None

    @property
    def severity(self) -> Severity:
        """How bad the event is."""
        assert self.event_type is not None
        return CATALOGUE[self.event_type].default_severity


_EVENTS = {Level.STALE: "node_stale", Level.DOWN: "node_down"}
_ORDER = (Level.HEARD, Level.STALE, Level.DOWN)


def level_of(silence: timedelta, thresholds: Thresholds) -> Level:
    """The level of a node that was silent for so long; the same thresholds as the status that is shown."""
    status = status_of(silence, None, is_blocked=False, is_paused=False, stale=thresholds.stale, down=thresholds.down)
    return {Status.DOWN: Level.DOWN, Status.WARN: Level.STALE}.get(status, Level.HEARD)


def next_step(
    known: Known | None,
    *,
    last_heard_at: datetime,
    stopped: timedelta,
    now: datetime,
    thresholds: Thresholds,
    is_blocked: bool = False,
) -> Step | None:
    """What has become of the node since it was looked at last; None when nothing has.

    `stopped` is for how long its clock stood still since it was heard. A node that nobody has looked at takes the
    level that it has, and nothing is told: neither at the first start nor after an upgrade does a fleet fall silent.
    Only a report ends a silence; neither a longer threshold nor a clock that was set back does.
    """
    if is_blocked:
        return None
    if known is None:
        return Step(Known(level_of(now - last_heard_at, thresholds), last_heard_at, is_told=False))
    if known.level is not Level.HEARD and last_heard_at > known.heard_at:
        return Step(Known(Level.HEARD, last_heard_at, is_told=True), "node_recovered" if known.is_told else None)
    level = level_of(now - last_heard_at - stopped, thresholds)
    if _ORDER.index(level) <= _ORDER.index(known.level):
        return None
    return Step(Known(level, last_heard_at, is_told=True), _EVENTS[level])


def message_of(event_type: str, *, last_heard_at: datetime, before_at: datetime, now: datetime) -> str:
    """The event in one sentence; `before_at` is the last report before the silence that has ended."""
    if event_type == "node_recovered":
        return f"Reports again after {span_words(last_heard_at - before_at)} of silence."
    return f"No report for {span_words(now - last_heard_at)}."
