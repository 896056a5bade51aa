"""Deletes old messages with the decisions behind them, and what was told last once nothing depends on it.

A message that still waits to be sent stays, and so does the memory of an alarm whose recovery has not come.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from felhom_hub.base.db import Db
from felhom_hub.base.portions import remove_found
from felhom_hub.notify.models import Delivery, Told
from felhom_hub.notify.payload import MAX_COOLDOWN_HOURS

_LONGEST_COOLDOWN = timedelta(hours=MAX_COOLDOWN_HOURS)


def prune_deliveries(before: datetime) -> Iterator[int]:
    """Messages that were decided on before `before` are gone; yields after each short transaction how many it removed.

    They are found by their events, which are older still, since time alone is in no index of theirs.
    """
    ended = Delivery.objects.exclude(result=Delivery.Result.QUEUED).filter(at__lt=before)
    return remove_found((ended.filter(event__created_at__lt=before), ended.filter(event=None)), _remove)


def _remove(db: Db, pks: Sequence[int]) -> int:
    # A younger message that repeats one of these, or tells of it, goes on without it.
    Delivery.objects.filter(again_of_id__in=pks).update(again_of=None)
    Delivery.objects.filter(gathered_in_id__in=pks).update(gathered_in=None)
    return db.delete(Delivery, pks)


def prune_told(before: datetime, *, now: datetime) -> Iterator[int]:
    """What was told last before `before` is forgotten once it holds nothing back; yields as above.

    No cooldown lasts as long, and neither an alarm that is not over nor events that were held back are forgotten.
    """
    edge = min(before, now - _LONGEST_COOLDOWN)
    is_over = Q(told_at__isnull=True) | Q(told_at__lt=edge)
    over = Told.objects.filter(is_over, is_alarmed=False, held_back=0)

    def remove(_db: Db, pks: Sequence[int]) -> int:
        # An event may have been told since its row was found: the condition counts, not the key.
        removed, _ = over.filter(pk__in=pks).delete()
        return removed

    return remove_found([over], remove)
