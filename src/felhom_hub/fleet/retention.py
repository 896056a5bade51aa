"""Deletes what is older than the operator wants to keep: each room its own rows, in an order that references allow."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from felhom_hub.base.once import prune_calls
from felhom_hub.base.pace import Pace
from felhom_hub.base.words import count_words, number_words
from felhom_hub.events.prune import prune_events
from felhom_hub.notify.prune import prune_deliveries, prune_told
from felhom_hub.notify.queries import needed_events
from felhom_hub.reports.clock import DOUBTFUL
from felhom_hub.reports.prune import prune_reports
from felhom_hub.silences.prune import prune_silences
from felhom_hub.telemetry.prune import prune_hours, prune_issues, prune_summaries
from felhom_hub.watch.prune import prune_deaf_time, prune_incidents, prune_members, prune_missed

Removed = Counter[str]  # by the word for one

_PLURALS = {
    "hour of app figures": "hours of app figures",
    "sum of app figures": "sums of app figures",
    "memory of an alarm": "memories of alarms",
    "call from outside": "calls from outside",
    "server of an incident": "servers of incidents",
}


def remove_old(
    now: datetime, *, keep: timedelta, removed: Removed, pace: Pace, is_over_time: Callable[[], bool]
) -> bool:
    """What is older than `keep` is gone; False where time was over before that, and more is left.

    `removed` has been told of each portion. A hub that stops ends it after the portion in hand (Interrupted).
    """
    for word, portions in _rooms(now, now - keep):
        for count in portions:
            removed[word] += count
            if is_over_time():
                return False
            pace.rest()
    return True


def _rooms(now: datetime, before: datetime) -> tuple[tuple[str, Iterator[int]], ...]:
    return (
        ("report", prune_reports(before)),
        ("message", prune_deliveries(before)),
        ("event", prune_events(before, now=now, needed=needed_events)),
        ("hour of app figures", prune_hours(before, now=now)),
        ("sum of app figures", prune_summaries(now)),
        ("log issue", prune_issues(before, now=now)),
        ("memory of an alarm", prune_told(before, now=now)),
        ("call from outside", prune_calls(now)),
        ("server of an incident", prune_members(before)),
        ("incident", prune_incidents(before)),
        ("deaf time", prune_deaf_time(before, now=now)),
        ("silence", prune_silences(before)),
        ("missed backup", prune_missed(before, now=now)),
    )


def removed_words(removed: Removed) -> str:
    """`12,000 reports, 300 events removed`, or that there was nothing to remove."""
    parts = [count_words(count, word, _PLURALS.get(word, "")) for word, count in removed.items() if count]
    return f"{', '.join(parts)} removed" if parts else "nothing to remove"


def clock_words(now: datetime, borne_out: datetime) -> str:
    """`counted from 3,652 days ago, as the reports have it: `, where the reports do not bear the hub's clock out."""
    if now - borne_out <= DOUBTFUL:
        return ""
    return f"counted from {number_words((now - borne_out).days)} days ago, as the reports have it: "
