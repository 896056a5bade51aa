"""Questions about stored reports: a page of customers, the newest report, the points of a history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import models
from django.db.models import Avg, Case, Count, F, Max, Min, QuerySet, Value, When, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Least, RowNumber

from felhom_hub.base.fields import in_milliseconds
from felhom_hub.base.folding import folded
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.customers.models import Customer
from felhom_hub.reports.body import unpack
from felhom_hub.reports.models import NodeState, Report
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import Summary, status_filter, summaries

PERIODS = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30), "90d": timedelta(days=90)}
MAX_POINTS = 2000  # contract 6
MEASURES = ("cpu_percent", "memory_percent", "disk_percent", "temperature_celsius", "clock_skew_seconds")
_HOUR_MS = 3_600_000
_HEALTH_ORDER = (None, "ok", "warn", "fail")
_ORDER = ("received_at", "position_at", "digest")
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


def _matching(rows: Iterable[tuple[int, str, str]], search: str, limit: int) -> list[int]:
    # Neither database folds accents by itself; ten thousand names take some milliseconds here.
    wanted = folded(search)
    return list(islice((pk for pk, *texts in rows if any(wanted in folded(text) for text in texts)), limit + 1))


def newest_report(customer_pk: int) -> tuple[bytes, datetime] | None:
    """The body, byte for byte, and the receive time of the report that the node's state is made of."""
    newest = Report.objects.filter(customer_id=customer_pk).order_by("-position_at", "-digest").first()
    return None if newest is None else (unpack(bytes(newest.body)), newest.received_at)


def count_reports(customer_pk: int, *, limit: int) -> int:
    """How many reports of the customer are kept; no more than `limit` are counted."""
    return Report.objects.filter(customer_id=customer_pk).order_by().values("pk")[:limit].count()


@dataclass(frozen=True, slots=True)
class Readings:
    """What the newest report says of a node's meters, by their names; None where it says nothing of one."""

    made_at: datetime
    values: Mapping[str, float | None]


def readings_of(customer_pks: Iterable[int]) -> dict[int, Readings]:
    """Those of the customers' fullest drive (`disk`) and of their heat (`temperature`), by the customer's key."""
    rows = NodeState.objects.filter(customer_id__in=list(customer_pks))
    names = ("customer_id", "position_at", "disk_percent", "temperature_celsius")
    return {
        pk: Readings(made_at, {"disk": disk, "temperature": heat})
        for pk, made_at, disk, heat in rows.values_list(*names)
    }


def history(customer_pk: int, *, since: datetime, now: datetime) -> list[Point]:
    """The reports from `since` on in the order of receipt; beyond MAX_POINTS, evenly wide buckets of them.

    The database makes the buckets: who reports without pause costs no memory for it.
    """
    reports = Report.objects.filter(customer_id=customer_pk, position_at__gte=since)
    rows = list(reports.order_by(*_ORDER).values_list(*_POINT)[: MAX_POINTS + 1])
    if len(rows) <= MAX_POINTS:
        return [_point(row) for row in rows]
    return _buckets(reports, _bucket_number(since, now))


def reports_by_hour(customer_pk: int, *, since: datetime) -> dict[int, int]:
    """How many reports came in each hour since 1970, from `since` on; an hour without any is missing."""
    hours = Report.objects.filter(customer_id=customer_pk, position_at__gte=since)
    counted = hours.annotate(hour=in_milliseconds("position_at") / Value(_HOUR_MS)).values("hour").order_by("hour")
    return dict(counted.annotate(reports=Count("pk")).values_list("hour", "reports"))


def _point(row: Sequence[Any]) -> Point:
    received_at, health, cpu, memory, disk, temperature, reported_at, version = row
    skew = None if reported_at is None else round((reported_at - received_at).total_seconds(), 3)
    return Point(received_at, health, version, dict(zip(MEASURES, (cpu, memory, disk, temperature, skew), strict=True)))


def _bucket_number(since: datetime, now: datetime) -> Combinable:
    begin, span = to_milliseconds(since), max(to_milliseconds(now) - to_milliseconds(since), 1)
    number = (in_milliseconds("received_at") - Value(begin)) * Value(MAX_POINTS) / Value(span)
    return Least(number, Value(MAX_POINTS - 1), output_field=models.BigIntegerField())


def _buckets(reports: QuerySet[Report], number: Combinable) -> list[Point]:
    """Each bucket as one point: averages, extremes, the worst health, the last version."""
    skew = Cast(in_milliseconds("reported_at") - in_milliseconds("received_at"), models.FloatField()) / Value(1000.0)
    measures = {name: skew if name == "clock_skew_seconds" else F(name) for name in MEASURES}
    ranks = [When(health=health, then=Value(rank)) for rank, health in enumerate(_HEALTH_ORDER) if health]
    numbered = reports.annotate(bucket=number)
    rows = (
        numbered.values("bucket")
        .order_by("bucket")
        .annotate(
            last_at=Max("received_at"),
            worst=Max(Case(*ranks, default=Value(0))),
            reports=Count("pk"),
            **{f"{name}_avg": Avg(measure) for name, measure in measures.items()},
            **{f"{name}_min": Min(measure) for name, measure in measures.items()},
            **{f"{name}_max": Max(measure) for name, measure in measures.items()},
        )
    )
    behind = Window(RowNumber(), partition_by=F("bucket"), order_by=[F(name).desc() for name in _ORDER])
    last = numbered.annotate(behind=behind).filter(behind=1).values_list("bucket", "controller_version")
    versions = dict(last)
    return [_bucket(row, versions.get(row["bucket"])) for row in rows]


def _bucket(row: Mapping[str, Any], version: str | None) -> Point:
    averages = {name: None if row[f"{name}_avg"] is None else round(row[f"{name}_avg"], 3) for name in MEASURES}
    lowest, highest = ({name: row[f"{name}_{end}"] for name in MEASURES} for end in ("min", "max"))
    return Point(row["last_at"], _HEALTH_ORDER[row["worst"]], version, averages, row["reports"], lowest, highest)
