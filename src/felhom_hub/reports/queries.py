"""Questions about stored reports: a page of customers, the newest report, the points of a history."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from felhom_hub.customers.models import Customer
from felhom_hub.reports.body import unpack
from felhom_hub.reports.models import Report
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import Summary, status_filter, summaries

PERIODS = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30), "90d": timedelta(days=90)}
MAX_POINTS = 2000  # contract 6
MEASURES = ("cpu_percent", "memory_percent", "disk_percent", "temperature_celsius", "clock_skew_seconds")
_HEALTH_ORDER = (None, "ok", "warn", "fail")
_POINT = (
    "received_at", "health", "cpu_percent", "memory_percent", "disk_percent", "temperature_celsius", "reported_at",
    "controller_version",
)  # fmt: skip


@dataclass(frozen=True)
class Point:
    """One report of a history, or a bucket of several: then `lowest` and `highest` hold each measure's extremes."""

    received_at: datetime
    health: str | None
    controller_version: str | None
    values: dict[str, float | None]
    reports: int = 1
    lowest: dict[str, float | None] | None = None
    highest: dict[str, float | None] | None = None


def customers_page(
    *, now: datetime, limit: int, after: str = "", status: Status | None = None, search: str = ""
) -> tuple[list[Summary], str | None]:
    """At most `limit` customers in the order of their ids, behind the id `after`; then the next page's `after`."""
    customers = Customer.objects.order_by("customer_id")
    if status is not None:
        customers = customers.filter(status_filter(status, now=now))
    if after:
        customers = customers.filter(customer_id__gt=after)
    if search:
        customers = customers.filter(
            pk__in=_matching(customers.values_list("pk", "customer_id", "name"), search, limit)
        )
    page = list(summaries(customers[: limit + 1], now=now))
    return page[:limit], page[limit - 1].customer_id if len(page) > limit else None


def folded(text: str) -> str:
    """Lower case without accents, for a search that ignores both."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _matching(rows: Iterable[tuple[int, str, str]], search: str, limit: int) -> list[int]:
    # Neither database folds accents by itself; ten thousand names take some milliseconds here.
    wanted = folded(search)
    return list(islice((pk for pk, *texts in rows if any(wanted in folded(text) for text in texts)), limit + 1))


def newest_report(customer_pk: int) -> tuple[bytes, datetime] | None:
    """The body, byte for byte, and the receive time of the report that the node's state is made of."""
    newest = Report.objects.filter(customer_id=customer_pk).order_by("-position_at", "-digest").first()
    return None if newest is None else (unpack(bytes(newest.body)), newest.received_at)


def history(customer_pk: int, *, since: datetime, now: datetime) -> list[Point]:
    """The reports from `since` on in the order of receipt; beyond MAX_POINTS, evenly wide buckets of them."""
    rows = (
        Report.objects.filter(customer_id=customer_pk, position_at__gte=since)
        .order_by("received_at", "position_at", "digest")
        .values_list(*_POINT)
    )
    points = [_point(row) for row in rows]
    if len(points) <= MAX_POINTS:
        return points
    width = (now - since) / MAX_POINTS
    buckets: dict[int, list[Point]] = {}
    for point in points:
        index = min(max(int((point.received_at - since) / width), 0), MAX_POINTS - 1)
        buckets.setdefault(index, []).append(point)
    return [_bucket(buckets[index]) for index in sorted(buckets)]


def _point(row: Sequence[Any]) -> Point:
    received_at, health, cpu, memory, disk, temperature, reported_at, version = row
    skew = None if reported_at is None else round((reported_at - received_at).total_seconds(), 3)
    return Point(received_at, health, version, dict(zip(MEASURES, (cpu, memory, disk, temperature, skew), strict=True)))


def _bucket(points: Sequence[Point]) -> Point:
    """The points as one: averages, extremes, the worst health, the last version."""
    averages: dict[str, float | None] = {}
    lowest: dict[str, float | None] = {}
    highest: dict[str, float | None] = {}
    for measure in MEASURES:
        known = [value for point in points if (value := point.values[measure]) is not None]
        averages[measure] = round(sum(known) / len(known), 3) if known else None
        lowest[measure], highest[measure] = min(known, default=None), max(known, default=None)
    worst = max((point.health for point in points), key=_HEALTH_ORDER.index)
    last = points[-1]
    return Point(last.received_at, worst, last.controller_version, averages, len(points), lowest, highest)
