"""How full each drive of a box was, read from some of its stored reports: bodies are too large to read them all."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Max, Value
from django.db.models.functions import Cast, Length

from felhom_hub.base.instants import to_milliseconds
from felhom_hub.reports.body import unpack
from felhom_hub.reports.detail import read_detail
from felhom_hub.reports.models import Report

MOST_READ = 150  # evenly spread over the time; a drive fills by the day
_MAX_PACKED_BYTES = 100_000  # a report takes 1,000 to 4,000; who sends monsters has no chart of drives
_GONE = "decommissioned"


@dataclass(frozen=True, slots=True)
class DrivesAt:
    """The drives of one report by their names, each with how full it was in per cent."""

    received_at: datetime
    percent: dict[str, float]


def drive_history(customer_pk: int, *, since: datetime, now: datetime) -> list[DrivesAt]:
    """At most MOST_READ reports that name drives, evenly spread from `since` to `now`, in the order of time."""
    begin, span = to_milliseconds(since), max(to_milliseconds(now) - to_milliseconds(since), 1)
    received = Cast("received_at", models.BigIntegerField())
    stretch = (received - Value(begin)) * Value(MOST_READ) / Value(span)
    reports = Report.objects.filter(customer_id=customer_pk, position_at__gte=since)
    newest = reports.order_by().annotate(stretch=stretch).values("stretch").annotate(newest=Max("pk")).values("newest")
    chosen = Report.objects.filter(pk__in=newest).annotate(packed=Length("body")).filter(packed__lte=_MAX_PACKED_BYTES)
    rows = chosen.order_by("received_at", "pk").values_list("received_at", "body")[: MOST_READ + 1]
    return [DrivesAt(at, percent) for at, body in rows if (percent := _percent(bytes(body)))]


def _percent(body: bytes) -> dict[str, float]:
    drives = read_detail(unpack(body)).drives
    return {drive.name: drive.percent for drive in drives if drive.percent is not None and drive.state != _GONE}
