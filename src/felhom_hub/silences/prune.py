"""Deletes silences that are over; what was decided by them keeps their words, and the audit its entries."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q

from felhom_hub.base.db import Db
from felhom_hub.base.portions import remove_found
from felhom_hub.silences.models import Silence, SilencedCustomer
from felhom_hub.silences.queries import LONGEST_WINDOW


def prune_silences(before: datetime) -> Iterator[int]:
    """Silences that ended before `before` are gone; yields after each short transaction how many it removed."""
    is_over = Q(ended_at__lt=before) | Q(ended_at=None, until_at__lt=before - LONGEST_WINDOW)
    return remove_found([Silence.objects.filter(is_over)], _remove)


def _remove(db: Db, pks: Sequence[int]) -> int:
    SilencedCustomer.objects.filter(silence_id__in=pks).delete()
    return db.delete(Silence, pks)
