"""Tells that a missed backup was done after all, where only reports say so: a box that sends events tells it itself.

Who missed one has a row that stands until then (missed.py). Whoever takes its mark off tells, and so it is told once.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from felhom_hub.base.db import Db
from felhom_hub.base.instants import rfc3339
from felhom_hub.base.words import moment_words
from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.events.queries import newest_by_customer
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.watch.deadlines import EXPECTED_FOR, KINDS, Kind, day_of, in_hub_time, instant_of
from felhom_hub.watch.missed import BATCH, FACTS
from felhom_hub.watch.models import MissedDeadline


@dataclass(frozen=True)
class _MadeUp:
    """What a customer missed on the day that began at `midnight` was done at `done_at`, by its report."""

    customer_pk: int
    midnight: datetime
    done_at: datetime


def check_caught_up(now: datetime, *, zone: ZoneInfo) -> int:
    """Whose newest report tells of a good backup after the midnight that it missed has had that told; returns how many.

    Of customers who are blocked nothing is told while they are.
    """
    count = 0
    for kind in KINDS:
        found = sorted(_made_up(kind, now, zone), key=lambda each: each.customer_pk)
        for begin in range(0, len(found), BATCH):
            count += _tell(kind, found[begin : begin + BATCH], now=now, zone=zone)
    return count


def _made_up(kind: Kind, now: datetime, zone: ZoneInfo) -> list[_MadeUp]:
    standing = MissedDeadline.objects.filter(
        kind=kind.name, stands=True, customer__blocked_at=None, customer__deleted_at=None, customer__node__isnull=False
    )
    facts = (f"customer__{fact}" for fact in FACTS[kind.name])
    rows = standing.order_by("day").values_list("customer_id", "day", "customer__node__clock_skew_seconds", *facts)
    newest = {pk: rest for pk, *rest in rows}  # of several days the last one has to be made up for
    found = []
    for pk, (day, skew, ran_at, ran_ok) in newest.items():
        midnight = instant_of(day_of(day), time(), zone)
        done_at = None if ran_ok is False else in_hub_time(ran_at, skew_seconds=skew, now=now)
        if done_at is not None and done_at >= midnight:
            found.append(_MadeUp(pk, midnight, done_at))
    return found


def _tell(kind: Kind, found: Iterable[_MadeUp], *, now: datetime, zone: ZoneInfo) -> int:
    """Told of those that send no events. Their rows stand no more, nor do those of boxes that told it themselves."""
    of = {each.customer_pk: each for each in found}
    with transaction.atomic():
        rows = MissedDeadline.objects.select_for_update().filter(kind=kind.name, stands=True, customer_id__in=of)
        standing = list(rows.order_by("pk").values_list("pk", "customer_id"))
        since = min(now - EXPECTED_FOR, *(each.midnight for each in of.values()))
        done = newest_by_customer(kind.outcomes.done, since=since, customers=of)
        said = newest_by_customer(kind.outcomes.done | kind.outcomes.failed, since=now - EXPECTED_FOR, customers=of)
        told_itself = {pk for pk, at in done.items() if at >= of[pk].midnight}
        ours = {pk for _, pk in standing if pk not in said and pk not in told_itself}
        over = [row for row, pk in standing if pk in ours or pk in told_itself]
        MissedDeadline.objects.filter(pk__in=over).update(stands=False)
        events = [_event(kind, of[pk], zone) for pk in sorted(ours)]
        record_hub_events(Db(), events, now=now)
    return len(events)


def _event(kind: Kind, made_up: _MadeUp, zone: ZoneInfo) -> HubEvent:
    message = f"The missing {kind.words} was done on {moment_words(made_up.done_at, zone)}."
    details = json.dumps({"done_at": rfc3339(made_up.done_at)})
    severity = CATALOGUE[kind.made_up_type].default_severity
    return HubEvent(made_up.customer_pk, kind.made_up_type, severity, message, details)
