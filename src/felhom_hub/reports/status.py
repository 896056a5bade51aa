"""A customer's status: computed when read, from what is stored and the time. Pure; the order is contract 2's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

import msgspec

from felhom_hub.base.words import span_words as span


class Status(StrEnum):
    """The six words that an operator sees."""

    OK = "OK"
    WARN = "WARN"
    DOWN = "DOWN"
    DISABLED = "DISABLED"
    PENDING = "PENDING"
    BLOCKED = "BLOCKED"


class Health(StrEnum):
    """What a controller says of its own box."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Thresholds:
    """From `stale` on a silent node is WARN, beyond `down` it is DOWN; exactly at `down` it is still WARN."""

    stale: timedelta
    down: timedelta

    def later_by(self, allowance: timedelta) -> "Thresholds":
        """Those of a node that may report so much later."""
        return Thresholds(self.stale + allowance, self.down + allowance) if allowance else self


class Heard(msgspec.Struct, frozen=True):
    """What the status of a node that has reported depends on."""

    last_received_at: datetime
    health: str | None
    health_messages: tuple[str, ...]
    monitoring_paused: bool


class Verdict(msgspec.Struct, frozen=True):
    """A status with its reason in words: `headline` is printed bold, `detail` after it. OK has neither."""

    status: Status
    headline: str = ""
    detail: str = ""
    is_silent: bool = False

    @property
    def reason(self) -> str:
        """The whole sentence."""
        return " ".join(part for part in (self.headline, self.detail) if part)


Span = TypeVar("Span", timedelta, int)


def status_of(  # noqa: PLR0911 - one return a status, in the order that decides (contract 2)
    silence: Span | None, health: str | None, *, is_blocked: bool, is_paused: bool, stale: Span, down: Span
) -> Status:
    """The status alone, of a server that has been silent for `silence`; None is "has never reported"."""
    if is_blocked:
        return Status.BLOCKED
    if silence is None:
        return Status.PENDING
    if silence > down:
        return Status.DOWN
    if silence >= stale:
        return Status.WARN
    if is_paused:
        return Status.DISABLED
    if health == Health.FAIL:
        return Status.DOWN
    return Status.WARN if health == Health.WARN else Status.OK


def verdict_of(
    heard: Heard | None,
    *,
    created_at: datetime,
    blocked_at: datetime | None,
    thresholds: Thresholds,
    now: datetime,
) -> Verdict:
    """The status of one customer at `now`, with the reason that an operator can act on."""
    status = status_of(
        None if heard is None else now - heard.last_received_at,
        None if heard is None else heard.health,
        is_blocked=blocked_at is not None,
        is_paused=heard is not None and heard.monitoring_paused,
        stale=thresholds.stale,
        down=thresholds.down,
    )
    if blocked_at is not None:
        return Verdict(status, f"Blocked for {span(now - blocked_at)}.")
    if heard is None:
        age = span(now - created_at)
        return Verdict(status, detail=f"Config created {age} ago. Waiting for the first report.")
    if now - heard.last_received_at >= thresholds.stale:
        return _silent(status, heard, thresholds=thresholds, now=now)
    return _reporting(status, heard)


def _silent(status: Status, heard: Heard, *, thresholds: Thresholds, now: datetime) -> Verdict:
    silence = now - heard.last_received_at
    if status is Status.DOWN:
        return Verdict(status, f"No report for {span(silence)}.", _last_words(heard), is_silent=True)
    detail = f"Becomes DOWN in {span(thresholds.down - silence)}"
    return Verdict(status, f"Report is {span(silence)} old.", detail, is_silent=True)


def _reporting(status: Status, heard: Heard) -> Verdict:
    if status is Status.DISABLED:
        return Verdict(status, detail="Monitoring is paused on the controller")
    if status is Status.OK:
        return Verdict(status)
    headline = "Health check failed:" if status is Status.DOWN else "Health warning:"
    return Verdict(status, headline, _listed(heard.health_messages))


def _last_words(heard: Heard) -> str:
    if heard.monitoring_paused:
        return "Monitoring was paused in the last one"
    if heard.health == Health.OK:
        return "Last report was healthy: suspect power or internet at the site"
    if heard.health is None:
        return "Last report said nothing about health"
    return f"Last report: {_listed(heard.health_messages)}"


def _listed(messages: tuple[str, ...]) -> str:
    if not messages:
        return "the controller gives no reason"
    first = messages[0].rstrip(".")
    more = len(messages) - 1
    return first if not more else f"{first}, and {more} more"
