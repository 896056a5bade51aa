"""Deletes old events; the counts of the last 24 hours stay what they are."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime

from django.db.models import Q

from felhom_hub.base.db import Db
from felhom_hub.base.portions import remove_in_portions
from felhom_hub.events.counts import move_window
from felhom_hub.events.models import Event

_MOST_GATHERED = 10_000

# Which of the events with these keys a room above still refers to.
Needed = Callable[[Sequence[int]], Collection[int]]


def prune_events(before: datetime, *, now: datetime, needed: Needed) -> Iterator[int]:
    """Events from before `before`, a day ago at least, are gone, but for those that are `needed`.

    Yields after each short transaction how many it removed.
    """
    # A hub that was off for days still counts events that are old by now: they leave the counts before the table.
    move_window(now)
    old = Event.objects.filter(created_at__lt=before).order_by("created_at", "pk")
    rows = list(old.values_list("created_at", "pk")[:_MOST_GATHERED])
    while rows:
        pks = [pk for _, pk in rows]
        kept = set(needed(pks))
        yield from remove_in_portions([pk for pk in pks if pk not in kept], _remove)
        at, last = rows[-1]
        behind = old.filter(Q(created_at__gt=at) | Q(created_at=at, pk__gt=last), created_at__gte=at)
        rows = list(behind.values_list("created_at", "pk")[:_MOST_GATHERED])


def _remove(db: Db, pks: Sequence[int]) -> int:
    return db.delete(Event, pks)
