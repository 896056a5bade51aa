"""Tells of missed backups: the row that says so and the event are stored in one transaction, and so exactly once.

Whatever restarts, asks again or runs beside it: a customer, a kind of backup and a day have one row.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from felhom_hub.base.db import Db
from felhom_hub.base.instants import rfc3339
from felhom_hub.base.words import moment_words
from felhom_hub.customers.models import Customer
from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.events.queries import newest_by_customer
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.watch.deadlines import (
    EXPECTED_FOR,
    KINDS,
    Kind,
    Known,
    Verdict,
    day_of_deadline,
    in_hub_time,
    instant_of,
    number_of,
    verdict_of,
)
from felhom_hub.watch.deaf_time import Span
from felhom_hub.watch.models import MissedDeadline, NodeLevel

# As in staleness.py: the intake waits for the end of a transaction.
BATCH = 250
_COMMON = (
    "pk", "created_at", "node__first_received_at", "node__position_at", "node__clock_skew_seconds", "node_level__level",
)  # fmt: skip
# What the newest report says: when it ran last, and how.
FACTS = {
    "backup": ("node__last_backup_at", "node__last_backup_ok"),
    "db_dump": ("node__last_db_dump_at", "node__last_db_dump_ok"),
}


@dataclass(frozen=True)
class _Missed:
    customer_pk: int
    last_done_at: datetime | None


def check_deadlines(now: datetime, *, zone: ZoneInfo, deaf: Sequence[Span]) -> Counter[Verdict]:
    """Everybody whose backup of the last deadline's day is missing has been told missing; counts each verdict."""
    day = day_of_deadline(now, zone)
    midnight = instant_of(day, time(), zone)
    counts: Counter[Verdict] = Counter()
    for kind in KINDS:
        missed = []
        for pk, known in _known(kind, now):
            verdict = verdict_of(known, midnight=midnight, now=now, deaf=deaf)
            counts[verdict] += 1
            if verdict is Verdict.MISSED:
                missed.append(_Missed(pk, known.last_done_at))
        for begin in range(0, len(missed), BATCH):
            _tell(kind, day, missed[begin : begin + BATCH], now=now, zone=zone)
    return counts


def _known(kind: Kind, now: datetime) -> Iterator[tuple[int, Known]]:
    told = newest_by_customer(kind.outcomes.done, since=now - EXPECTED_FOR)
    # Nobody is looked for who is blocked, deleted, or has not reported yet, nor who has paused its monitoring.
    is_watched = Q(node__monitoring_paused=None) | Q(node__monitoring_paused=False)
    customers = Customer.objects.filter(is_watched, blocked_at=None, node__isnull=False).order_by("pk")
    rows = customers.values_list(*_COMMON, *FACTS[kind.name])
    for pk, created_at, first_at, made_at, skew, level, ran_at, ran_ok in rows:
        ours = in_hub_time(ran_at, skew_seconds=skew, now=now)
        is_silent = level in {NodeLevel.Level.STALE, NodeLevel.Level.DOWN}
        yield pk, Known(max(created_at, first_at), told.get(pk), made_at, ours, ran_ok, is_silent)


def _tell(kind: Kind, day: date, missed: Sequence[_Missed], *, now: datetime, zone: ZoneInfo) -> None:
    """Those whose word has not come in the meantime, and of whom nobody has told yet, are told missing."""
    with transaction.atomic():
        db = Db()
        late = newest_by_customer(kind.outcomes.done, since=now)
        rows = [(each.customer_pk, kind.name, number_of(day)) for each in missed if each.customer_pk not in late]
        names = ("customer_id", "kind", "day")
        made = db.insert(MissedDeadline, names, rows, on_conflict="ignore", returning=("customer_id",))
        new = {pk for (pk,) in made}
        events = [_event(kind, day, each, zone) for each in missed if each.customer_pk in new]
        # The newest one speaks for those before it: who has made it up has made up for all.
        older = MissedDeadline.objects.filter(kind=kind.name, day__lt=number_of(day), customer_id__in=new, stands=True)
        older.update(stands=False)
        record_hub_events(db, events, now=now)


def _event(kind: Kind, day: date, missed: _Missed, zone: ZoneInfo) -> HubEvent:
    midnight = instant_of(day, time(), zone)
    message = f"No {kind.words} since {moment_words(midnight, zone)}."
    if missed.last_done_at is not None:
        message = f"{message[:-1]}; the last one was on {moment_words(missed.last_done_at, zone)}."
    details = {"day": day.isoformat(), "last_done_at": rfc3339(missed.last_done_at)}
    severity = CATALOGUE[kind.event_type].default_severity
    return HubEvent(missed.customer_pk, kind.event_type, severity, message, json.dumps(details))
