"""The recurring work on visits, on what has grown old, and on alarms that have passed."""

import time
from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings

from felhom_hub.base.pace import Pace
from felhom_hub.base.schedule import Lane, Unfinished, daily, every
from felhom_hub.base.words import count_words
from felhom_hub.fleet.passing_alarms import end_what_passed
from felhom_hub.fleet.retention import clock_words, remove_old, removed_words
from felhom_hub.fleet.visits import forget_visits
from felhom_hub.reports.receipts import time_borne_out

# Of the time that a run takes, so that the intake has the database for the rest.
_SHARE = 0.25
# Then the others of the lane have their turn, and it goes on: the first run after a shorter `max_days` may take hours.
_RUN_SECONDS = 60.0


@every(timedelta(days=1))
def forget_old_visits(now: datetime) -> int:
    """What browsers saw that have not been back for 90 days is deleted."""
    return forget_visits(now)


@every(timedelta(minutes=5), label="Alarms that have passed", lane=Lane.PROMPT)
def end_passed_alarms(now: datetime) -> str:
    """Alarms that no event ends stand no more once their condition is over, or has not come again for a day."""
    count = end_what_passed(now)
    return f"{count_words(count, 'alarm')} passed" if count else "none has passed"


@daily(settings.HUB.retention.prune_schedule, zone=settings.HUB.server.time_zone, label="Old reports and events")
def remove_what_is_old(now: datetime) -> str:
    """Reports, events and messages older than `retention.max_days` are gone, by the time that reports bear out."""
    borne_out = time_borne_out(now)
    if borne_out is None:
        return "nobody has reported yet"
    removed: Counter[str] = Counter()
    until = time.monotonic() + _RUN_SECONDS
    is_done = remove_old(
        borne_out,
        keep=timedelta(days=settings.HUB.retention.max_days),
        removed=removed,
        pace=Pace(_SHARE),
        is_over_time=lambda: time.monotonic() > until,
    )
    words = clock_words(now, borne_out) + removed_words(removed)
    if not is_done:
        raise Unfinished(f"{words}, more are left")
    return words
