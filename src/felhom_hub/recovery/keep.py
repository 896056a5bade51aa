"""Which versions of an infrastructure backup are kept: the last 30, and one a month for a year (contract 5). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LAST: Final = 30
MONTHLY: Final = timedelta(days=366)


@dataclass(frozen=True)
class Dated:
    """A version by the key of its row; `renewed_at` is when its bytes came for the last time."""

    pk: int
    number: int
    received_at: datetime
    renewed_at: datetime


def superfluous(versions: Iterable[Dated], *, now: datetime) -> list[int]:
    """The keys of those among a customer's versions that need not be kept, ascending; the newest is never one.

    Of a month its first version stays: it stays the same one all year, whatever comes after it.
    """
    newest_first = sorted(versions, key=lambda each: each.number, reverse=True)
    firsts = {(each.received_at.year, each.received_at.month): each for each in newest_first}
    kept = {each.pk for each in newest_first[:LAST]}
    # A version that was renewed until yesterday was true until then, however long ago it came first.
    kept |= {each.pk for each in firsts.values() if each.renewed_at > now - MONTHLY}
    return sorted(each.pk for each in newest_first if each.pk not in kept)
