"""Holds two tables against each other, row by row in the order of their keys, in one pass and little memory. Pure."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from felhom_hub.base.copy.values import Row


@dataclass(frozen=True)
class Compared:
    """`first_difference` is the key of the first row that is not the same on both sides, None where all are."""

    table: str
    rows: int
    copied: int
    sha256: str
    copied_sha256: str
    first_difference: Any = None

    @property
    def is_same(self) -> bool:
        return (self.rows, self.sha256) == (self.copied, self.copied_sha256)


def compare(
    table: str,
    rows: Iterator[Row],
    copied: Iterator[Row],
    *,
    key: int,
    canonical: Callable[[Row], bytes],
) -> Compared:
    """Counts and digests of both; `canonical` gives a row's bytes, `key` is the place of its primary key."""
    digests = hashlib.sha256(), hashlib.sha256()
    counts = [0, 0]
    difference = None
    for pair in zip_longest(rows, copied):
        forms = [None if row is None else canonical(row) for row in pair]
        for side, form in enumerate(forms):
            if form is not None:
                counts[side] += 1
                # The length first: two rows are never taken for one.
                digests[side].update(b"%d:" % len(form) + form)
        if difference is None and forms[0] != forms[1]:
            difference = min(row[key] for row in pair if row is not None)
    return Compared(table, counts[0], counts[1], digests[0].hexdigest(), digests[1].hexdigest(), difference)
