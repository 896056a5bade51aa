"""What each app used on the whole fleet in each period: one row a period and app, which is all that `/apps` reads."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum

from felhom_hub.base.db import Db
from felhom_hub.base.pace import AT_ONCE, Pace
from felhom_hub.telemetry.fleet_hours import MOST_APPS
from felhom_hub.telemetry.models import AppFigures, AppUsage, FleetHour
from felhom_hub.telemetry.periods import DAY, MONTH, PERIODS
from felhom_hub.telemetry.sketch import unpack_sketch
from felhom_hub.telemetry.spans import Figures, Span, add_span, figures_of

WHOLE_FLEET = ""  # the name of the row that counts the boxes; no app has it
_SAID = ("display_name", "memory_request_mb", "memory_limit_mb")
_NAMES = (
    "period", "app_name", *_SAID, "log_errors_24h", "log_warnings_24h", "last_hour", "installations",
    "samples", "average_mb", "p95_mb", "peak_mb",
)  # fmt: skip

_Key = tuple[str, str]  # app and period


def sum_up_apps(now_hour: int, pace: Pace = AT_ONCE) -> None:
    """The rows of all apps are what the rows of boxes and of the fleet's hours say; at most MOST_APPS a period."""
    said = _read_said()
    logs = {name: (row["errors"], row["warnings"]) for (name, period), row in _read_logs().items() if period == DAY.key}
    fresh = [_fleet_row(row) for row in _read_fleet()]
    kept = _most_installed(said)
    for name, figures in _figures_of_apps(now_hour):
        pace.rest()
        for period in PERIODS:
            row = said.get((name, period.key))
            if row is not None and (name, period.key) in kept:
                fresh.append(_row(row, logs.get(name, (None, None)), figures[period.key]))
    with transaction.atomic():
        AppFigures.objects.all().delete()
        Db().insert(AppFigures, _NAMES, fresh)


def _read_said() -> dict[_Key, dict[str, Any]]:
    """What most boxes say of an app: name and settings; with the number of all of them, and the newest hour."""
    groups = AppUsage.objects.values("app_name", "period", *_SAID).annotate(boxes=Count("pk"), newest=Max("last_hour"))
    found: dict[_Key, dict[str, Any]] = {}
    for group in groups.order_by("boxes", "newest", *_SAID):
        key = group["app_name"], group["period"]
        before = found.get(key, {"installations": 0, "last_hour": 0})
        found[key] = group | {
            "installations": before["installations"] + group["boxes"],
            "last_hour": max(before["last_hour"], group["newest"]),
        }
    return found


def _read_logs() -> dict[_Key, dict[str, Any]]:
    groups = AppUsage.objects.filter(period=DAY.key).values("app_name", "period")
    counted = groups.annotate(errors=Sum("log_errors_24h"), warnings=Sum("log_warnings_24h"))
    return {(row["app_name"], row["period"]): dict(row) for row in counted}


def _read_fleet() -> list[dict[str, Any]]:
    groups = AppUsage.objects.values("period")
    counted = groups.annotate(boxes=Count("customer", distinct=True), newest=Max("last_hour"))
    return [dict(row) for row in counted]


def _most_installed(said: dict[_Key, dict[str, Any]]) -> set[_Key]:
    kept: set[_Key] = set()
    for period in PERIODS:
        keys = [key for key in said if key[1] == period.key]
        kept.update(sorted(keys, key=lambda key: (-said[key]["installations"], key))[:MOST_APPS])
    return kept


def _figures_of_apps(now_hour: int) -> Iterator[tuple[str, dict[str, Figures]]]:
    """Each app's figures in each period, from the fleet's hours."""
    first = {period.key: period.first_hour(now_hour) for period in PERIODS}
    rows = FleetHour.objects.filter(hour__gte=first[MONTH.key]).order_by("app_name", "hour")
    listed = rows.values_list("app_name", "hour", "samples", "total", "peak", "sketch")
    for name, hours in groupby(listed.iterator(), key=lambda row: row[0]):
        spans = {period.key: Span() for period in PERIODS}
        for _, hour, samples, total, peak, sketch in hours:
            span = Span(samples, total, peak, unpack_sketch(bytes(sketch)))
            for period in PERIODS:
                if hour >= first[period.key]:
                    add_span(spans[period.key], span)
        yield name, {key: figures_of(span) for key, span in spans.items()}


def _row(said: dict[str, Any], logs: tuple[int | None, int | None], figures: Figures) -> tuple[object, ...]:
    return (
        said["period"],
        said["app_name"],
        *(said[name] for name in _SAID),
        *logs,
        said["last_hour"],
        said["installations"],
        figures.samples,
        figures.average_mb,
        figures.p95_mb,
        figures.peak_mb,
    )


def _fleet_row(row: dict[str, Any]) -> tuple[object, ...]:
    return row["period"], WHOLE_FLEET, "", None, None, None, None, row["newest"], row["boxes"], 0, None, None, None
