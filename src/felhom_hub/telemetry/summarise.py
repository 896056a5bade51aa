"""Sums up the hours that changed: each box's days, each app on the whole fleet by the hour, and both in the figures.

First the reports are read that wait for it. Every further step computes its rows anew from what they are made of, so
a report counts once however often it came, and in its own hour however late
(docs/decisions/0011-app-figures-in-sketches.md). What is asked for stands in ChangedHour; its rows go last, so that a
run that ended early is done again.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

import msgspec

from felhom_hub.base.instants import to_milliseconds
from felhom_hub.base.pace import AT_ONCE, Pace
from felhom_hub.telemetry.figures import sum_up_apps
from felhom_hub.telemetry.fleet_hours import sum_up_hour
from felhom_hub.telemetry.models import AppUsage, ChangedHour
from felhom_hub.telemetry.periods import HOURS_A_DAY, MONTH
from felhom_hub.telemetry.unread import read_unread
from felhom_hub.telemetry.usage import sum_up_customers

T = TypeVar("T")

HOUR_MS = 3_600_000
# Of one run, a few seconds' work; more wait for the next. A fleet of 5,000 sends 333 reports a minute.
MOST_CUSTOMERS = 1_200
MOST_REPORTS = 3_000
_CUSTOMER_CHUNK = 8  # customers whose month is held at a time, and written in one transaction
_MARK_CHUNK = 500

_read_customers = msgspec.msgpack.Decoder(list[int]).decode


@dataclass(frozen=True)
class _Work:
    """The marks that a run takes, and what they ask for."""

    marks: list[int]
    hours: set[int]
    days: dict[int, set[int]]  # of each customer


def hour_of(instant: datetime) -> int:
    """The hour, counted from 1970."""
    return to_milliseconds(instant) // HOUR_MS


def summarise(now: datetime, pace: Pace = AT_ONCE) -> int:
    """What was reported up to `now` is summed up, and what has grown too old for a period has left it.

    Returns how many customers were looked at: about MOST_CUSTOMERS at most. Commits in short transactions.
    """
    now_hour = hour_of(now)
    read_unread(MOST_REPORTS, pace)
    work = _take_work()
    oldest = MONTH.first_hour(now_hour)
    for hour in sorted(hour for hour in work.hours if hour >= oldest):
        sum_up_hour(hour, pace)
    # A box that has fallen silent changes no more, but its figures of 24 hours do.
    outdated = AppUsage.objects.filter(summed_at_hour__lt=now_hour).values_list("customer_id", flat=True).distinct()
    for customer in outdated[: max(0, MOST_CUSTOMERS - len(work.days))]:
        work.days.setdefault(customer, set())
    for chunk in chunks(sorted(work.days), _CUSTOMER_CHUNK):
        sum_up_customers({customer: work.days[customer] for customer in chunk}, now_hour)
        pace.rest()
    if work.days:
        sum_up_apps(now_hour, pace)
    for marks in chunks(work.marks, _MARK_CHUNK):
        ChangedHour.objects.filter(pk__in=marks).delete()
    return len(work.days)


def summarise_all(now: datetime, pace: Pace = AT_ONCE) -> None:
    """All that was reported up to `now` is summed up: for a past that is brought in before anybody looks."""
    read_unread(sys.maxsize, pace)
    while summarise(now, pace):
        pass


def count_hours() -> int:
    """How many hours of the fleet wait to be summed up: most of the portions that `summarise_all` rests after."""
    return ChangedHour.objects.values("hour").distinct().count()


def _take_work() -> _Work:
    work = _Work([], set(), defaultdict(set))
    marks = ChangedHour.objects.order_by("pk").values_list("pk", "hour", "customers")
    for mark, hour, packed in marks.iterator(chunk_size=_MARK_CHUNK):
        if len(work.days) >= MOST_CUSTOMERS:
            break
        work.marks.append(mark)
        work.hours.add(hour)
        for customer in _read_customers(bytes(packed)):
            work.days[customer].add(hour // HOURS_A_DAY)
    return work


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
