"""Deletes old messages with the decisions behind them; one that still waits to be sent stays."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from felhom_hub.base.db import Db
from felhom_hub.base.portions import remove_found
from felhom_hub.notify.models import Delivery


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
