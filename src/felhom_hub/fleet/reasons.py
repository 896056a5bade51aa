"""Which servers a text is about: those whose name, id or town holds it, and those whose reason does."""

import json
from collections.abc import Collection
from datetime import timedelta
from functools import lru_cache
from typing import Final

from django.db.models import F, Value

from felhom_hub.base.instants import from_milliseconds
from felhom_hub.base.statements import Among, Keys, Statement, keys_in, keys_text, statement_of
from felhom_hub.customers.finding import FOLDED_NAMES, hold
from felhom_hub.fleet.clock import Clock
from felhom_hub.fleet.order import sort_name
from felhom_hub.fleet.ranking import raw
from felhom_hub.fleet.roster import everybody
from felhom_hub.reports.status import Heard, verdict_of
from felhom_hub.reports.summary import thresholds

_WANTED: Final = "what is searched for"
_ASKED: Final = "[-1]"


def named(wanted: str) -> frozenset[int]:
    """The servers whose name, id or town holds the folded text."""
    ((keys,),) = _named().rows({_WANTED: wanted})
    return frozenset(keys_in(keys))


def explained(wanted: str, pks: Collection[int], clock: Clock) -> frozenset[int]:
    """Those of these servers, none of which is blocked or well, whose reason holds the folded text."""
    limits, fresh_ms = thresholds(), clock.now_ms - clock.stale_ms
    found = []
    for pk, created_ms, last_ms, allowance, health, messages, paused in _reasons().rows({_ASKED: keys_text(pks)}):
        if last_ms is not None and last_ms + allowance > fresh_ms:
            reason = _said(health, messages, bool(paused))
        else:
            created_at = from_milliseconds(created_ms)
            heard = None if last_ms is None else _heard(last_ms, health, messages, bool(paused))
            own = limits.later_by(timedelta(milliseconds=allowance or 0))
            reason = verdict_of(heard, created_at=created_at, blocked_at=None, thresholds=own, now=clock.now).reason
        if wanted in sort_name(reason):
            found.append(pk)
    return frozenset(found)


# Most servers that have a reason have said it themselves, and say it again in every report.
@lru_cache(maxsize=16_384)
def _said(health: str | None, messages: str, is_paused: bool) -> str:
    """The reason of a server that reports; it does not depend on the time."""
    heard = _heard(0, health, messages, is_paused)
    at = heard.last_received_at
    return verdict_of(heard, created_at=at, blocked_at=None, thresholds=thresholds(), now=at).reason


def _heard(last_ms: int, health: str | None, messages: str, is_paused: bool) -> Heard:
    return Heard(from_milliseconds(last_ms), health, tuple(json.loads(messages)), is_paused)


@lru_cache(maxsize=1)
def _named() -> Statement:
    holding = everybody().filter(hold((*FOLDED_NAMES, F("folded_town")), _WANTED))
    return statement_of(holding.values(one=Value(1)).annotate(keys=Keys("pk")).values_list("keys"))


@lru_cache(maxsize=1)
def _reasons() -> Statement:
    names = (
        "pk", "created_at", "node__last_received_at", "node__allowance_ms", "node__health",
        "node__health_messages", "node__monitoring_paused",
    )  # fmt: skip
    return statement_of(everybody().filter(Among("pk", _ASKED)).values_list(*map(raw, names)))
