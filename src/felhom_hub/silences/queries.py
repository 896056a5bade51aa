"""Questions about silences: those that may hold now, for decisions, and those that a page lists."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from felhom_hub.customers.models import Customer
from felhom_hub.silences.coverage import Known
from felhom_hub.silences.models import Silence, SilencedCustomer
from felhom_hub.silences.recurrence import Schedule, is_over

# A window that began on the last day may last into the one after it, on which an hour may come twice.
LONGEST_WINDOW = timedelta(hours=25)
_DAYS = range(7)
_LARGEST_KEY = 2**63 - 1  # PostgreSQL refuses to compare a key with more


@dataclass(frozen=True, slots=True)
class Listed:
    """One silence as a page lists it: what a decision knows, and who made and ended it and what it held back."""

    known: Known
    customers: tuple[tuple[str, str], ...]  # id and name of each, by name
    made_at: datetime
    ended_at: datetime | None
    ended_by: str
    held_back: int


def silences_at(now: datetime) -> list[Known]:
    """Those that may hold at `now`; whether a recurring one does, coverage.py says. At most two queries."""
    rows = list(_not_over(now).filter(from_at__lte=now).order_by("pk"))
    customers = _customers(rows)
    return [known_of(row, customers.get(row.pk, ())) for row in rows]


def schedules_at(now: datetime) -> list[Schedule]:
    """The schedules of those that may hold at `now`; one query."""
    return [known_of(row, ()).schedule for row in _not_over(now).filter(from_at__lte=now)]


def listed_silences(now: datetime, *, limit: int) -> list[Listed]:
    """Those that are not over, the oldest first; two queries."""
    return _listed(_not_over(now).order_by("pk")[:limit])


def lasting_silence(number: int, now: datetime, zone: ZoneInfo) -> Listed | None:
    """The silence with that number; None where there is none, or it is over."""
    rows = _not_over(now).filter(pk=number) if 0 < number <= _LARGEST_KEY else ()
    return next((each for each in _listed(rows) if not is_over(each.known.schedule, now, zone)), None)


def ended_silences(now: datetime, *, since: datetime, limit: int) -> list[Listed]:
    """Those that ended since then, by themselves or early, the last first; two queries."""
    by_hand = Q(ended_at__gte=since)
    by_itself = Q(ended_at=None, until_at__gte=since, until_at__lte=now)
    rows = Silence.objects.filter(by_hand | by_itself).order_by("-pk")[:limit]
    found = _listed(rows)
    return sorted(found, key=lambda each: each.ended_at or each.known.schedule.until_at or now, reverse=True)


def count_customers() -> int:
    """How many customers a silence for all reaches."""
    return Customer.objects.filter(blocked_at=None).count()


def tagged_customers() -> list[tuple[int, str]]:
    """The key and the written tags of every customer that has some."""
    return list(Customer.objects.filter(blocked_at=None).exclude(tags="").values_list("pk", "tags"))


def known_of(row: Silence, customers: Iterable[int]) -> Known:
    """The silence as a decision sees it."""
    return Known(
        pk=row.pk,
        why=row.why,
        made_by=row.made_by,
        reaches_all=row.reach == Silence.Reach.ALL,
        customers=frozenset(customers),
        tag=row.tag,
        choices=_choices(row.event_types),
        is_for_customers=row.is_for_customers,
        schedule=Schedule(
            row.from_at,
            row.until_at,
            frozenset(day for day in _DAYS if row.weekdays >> day & 1),
            row.from_minute,
            row.to_minute,
        ),
    )


def _choices(written: str) -> frozenset[str]:
    return frozenset(json.loads(written))


def _not_over(now: datetime) -> QuerySet[Silence]:
    lasts = Q(until_at=None) | Q(until_at__gt=now) | (Q(until_at__gt=now - LONGEST_WINDOW) & ~Q(weekdays=0))
    return Silence.objects.filter(lasts, ended_at=None)


def _customers(rows: Iterable[Silence]) -> Mapping[int, list[int]]:
    pks = [row.pk for row in rows if row.reach == Silence.Reach.CUSTOMERS]
    found: dict[int, list[int]] = defaultdict(list)
    if pks:
        pairs = SilencedCustomer.objects.filter(silence_id__in=pks).values_list("silence_id", "customer_id")
        for silence_pk, customer_pk in pairs:
            found[silence_pk].append(customer_pk)
    return found


def _listed(rows: Iterable[Silence]) -> list[Listed]:
    rows = list(rows)
    names: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    columns = ("silence_id", "customer__name", "customer__customer_id", "customer_id")
    for silence_pk, name, customer_id, pk in SilencedCustomer.objects.filter(
        silence_id__in=[row.pk for row in rows]
    ).values_list(*columns):
        names[silence_pk].append((name or customer_id, customer_id, pk))
    return [
        Listed(
            known=known_of(row, [pk for _, _, pk in names[row.pk]]),
            customers=tuple((customer_id, name) for name, customer_id, _ in sorted(names[row.pk])),
            made_at=row.made_at,
            ended_at=row.ended_at,
            ended_by=row.ended_by,
            held_back=row.held_back,
        )
        for row in rows
    ]
