"""Deletes what is over of silence: incidents that have ended, deaf time, and days on which a backup was missing."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from felhom_hub.base.db import Db
from felhom_hub.base.portions import remove_found
from felhom_hub.watch.deadlines import number_of
from felhom_hub.watch.models import DeafSpan, Incident, IncidentNode, MissedDeadline
from felhom_hub.watch.queries import LEDGER

# Nobody asks about a day that is over; until then a row keeps its event from being told again.
LEAST_DAYS = timedelta(days=30)


def prune_members(before: datetime) -> Iterator[int]:
    """The nodes of incidents that ended before `before` are gone; yields how many each transaction removed."""
    return remove_found([IncidentNode.objects.filter(incident__ended_at__lt=before)], _remove_members)


def prune_incidents(before: datetime) -> Iterator[int]:
    """Incidents that ended before `before`, and whose nodes are gone, are gone too; yields likewise."""
    return remove_found([Incident.objects.filter(ended_at__lt=before, members=None)], _remove_incidents)


def prune_deaf_time(before: datetime, *, now: datetime) -> Iterator[int]:
    """Deaf time from before `before` that no look for silence goes back to, and that was told, is gone; likewise."""
    old = DeafSpan.objects.filter(to_at__lt=min(before, now - LEDGER), told_at__isnull=False)
    return remove_found([old], _remove_deaf_time)


def prune_missed(before: datetime, *, now: datetime) -> Iterator[int]:
    """What was told missing on days before `before`, a month ago at least, and was made up for, is gone; likewise."""
    day = number_of(min(before, now - LEAST_DAYS).date())
    return remove_found([MissedDeadline.objects.filter(day__lt=day, stands=False)], _remove_missed)


def _remove_members(db: Db, pks: Sequence[int]) -> int:
    return db.delete(IncidentNode, pks)


def _remove_incidents(db: Db, pks: Sequence[int]) -> int:
    return db.delete(Incident, pks)


def _remove_deaf_time(db: Db, pks: Sequence[int]) -> int:
    return db.delete(DeafSpan, pks)


def _remove_missed(db: Db, pks: Sequence[int]) -> int:
    return db.delete(MissedDeadline, pks)
