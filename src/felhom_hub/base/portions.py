"""Removes many rows in transactions so short that nobody notices who waits for one of them to end.

How long a row takes depends on the disk, the table and what else goes on. So a portion is as large as the time says
that the one before has taken.
"""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from felhom_hub.base.db import Db

MOST_ROWS = 2000  # of a transaction, however fast it is
_FIRST_ROWS, _FEWEST_ROWS = 50, 10
# The intake waits for the end of a transaction, and may have to wait for 100 ms in all.
TARGET_SECONDS = 0.03
# Keys that are gathered before their rows go: half a megabyte.
MOST_GATHERED = 50_000

Remove = Callable[[Db, Sequence[int]], int]


def remove_in_portions(
    pks: Sequence[int], remove: Remove, *, clock: Callable[[], float] = time.monotonic
) -> Generator[int, None, None]:
    """`remove` has had all the keys, a portion to a transaction, in ascending order.

    Yields after each transaction how many rows it removed, so that the caller can rest or stop there. In the order of
    their keys rows lie side by side, and whole pages go at a time.
    """
    ordered, begin, size = sorted(pks), 0, _FIRST_ROWS
    while begin < len(ordered):
        began = clock()
        with transaction.atomic():
            removed = remove(Db(), ordered[begin : begin + size])
        begin += size
        size = next_size(size, clock() - began)
        yield removed


def remove_found(queries: Iterable[QuerySet[Any]], remove: Remove) -> Iterator[int]:
    """`remove` has had the keys of all that the queries find, as in `remove_in_portions`; none is found once it went.

    Several queries' keys are gathered, since rows that lie side by side are often found by different ones.
    """
    gathered: list[int] = []
    for query in queries:
        keys, is_more = query.order_by().values_list("pk", flat=True), True
        while is_more:
            found = list(keys[:MOST_GATHERED])
            gathered += found
            is_more = len(found) == MOST_GATHERED
            if len(gathered) >= MOST_GATHERED:
                yield from remove_in_portions(gathered, remove)
                gathered = []
    yield from remove_in_portions(gathered, remove)


def next_size(size: int, seconds: float) -> int:
    """How large the next portion is after one of `size` rows that took so long."""
    if seconds > TARGET_SECONDS:
        return max(_FEWEST_ROWS, int(size * TARGET_SECONDS / seconds))
    return min(MOST_ROWS, size * 2 if seconds < TARGET_SECONDS / 2 else size)
