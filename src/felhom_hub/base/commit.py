"""One transaction of the writer: every recorder stores its values, and COMMIT comes before any result."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction

from felhom_hub.base.broadcast import Broadcast
from felhom_hub.base.db import Db

# A recorder gets the items of one kind in the order of arrival and returns one result for each: a value, or the
# ApiError that refuses this one item.
Recorder = Callable[[Db, Sequence[Any]], Sequence[Any]]
Groups = list[tuple[Recorder, list[Any]]]


def store_groups(groups: Groups, broadcast: Broadcast | None = None) -> list[Sequence[Any]]:
    """What each recorder returns for its values, all of them stored; raises what one of them raises."""
    connection.close_if_unusable_or_obsolete()
    with transaction.atomic():
        db = Db()
        results = [recorder(db, values) for recorder, values in groups]
        if broadcast is not None:
            broadcast.stored([recorder for recorder, _ in groups])
    return results
