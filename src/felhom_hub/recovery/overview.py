"""What the page of a customer's snapshots shows: its versions, who fetched them, and what changed between two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from felhom_hub.customers.models import Customer
from felhom_hub.recovery.compare import Comparison, compare
from felhom_hub.recovery.fetches import Fetch, fetches_of
from felhom_hub.recovery.parts import read_parts
from felhom_hub.recovery.queries import Version, content_of, versions_of

MAX_COMPARED: Final = 1024 * 1024  # bytes of a version; a snapshot has 50 KB, and a page should not take seconds
_MAX_FETCHES: Final = 20


@dataclass(frozen=True)
class Compared:
    """Two versions, the older one first; `comparison` is None where they are too large to be read in a moment."""

    before: int
    after: int
    comparison: Comparison | None


@dataclass(frozen=True)
class Overview:
    """All that the page prints."""

    customer: Customer
    versions: Sequence[Version]
    fetches: Sequence[Fetch]
    compared: Compared | None


def overview_of(customer: Customer, wanted: tuple[int, int] | None) -> Overview:
    """The page; of `wanted`, two numbers, what changed from one to the other, else from the last but one to the newest.

    Raises SecretsError.
    """
    versions = versions_of(customer.pk)
    compared = _compared(customer, versions, wanted)
    return Overview(customer, versions, fetches_of(customer.customer_id, limit=_MAX_FETCHES), compared)


def _compared(customer: Customer, versions: Sequence[Version], wanted: tuple[int, int] | None) -> Compared | None:
    by_number = {each.number: each for each in versions}
    if wanted is None and len(versions) > 1:
        wanted = versions[1].number, versions[0].number
    if wanted is None or wanted[0] == wanted[1] or not by_number.keys() >= set(wanted):
        return None
    before, after = sorted(wanted)
    if max(by_number[before].size_bytes, by_number[after].size_bytes) > MAX_COMPARED:
        return Compared(before, after, None)
    older, newer = content_of(customer, before), content_of(customer, after)
    if older is None or newer is None:  # deleted a moment ago
        return None
    return Compared(before, after, compare(read_parts(older.body), read_parts(newer.body)))
