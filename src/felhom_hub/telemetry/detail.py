"""Puts the page of one app together: verdict, figures, trend, boxes and log issues."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from felhom_hub.base.charts import Chart
from felhom_hub.base.instants import from_milliseconds
from felhom_hub.reports.app_telemetry import NAME_LENGTH
from felhom_hub.telemetry.address import AppView
from felhom_hub.telemetry.fresh import Fresh, read_fresh
from felhom_hub.telemetry.issues import MOST_SHOWN, SHOWN, Issue, read_issues
from felhom_hub.telemetry.limits import LEAST_SAMPLES, Suggestion, percent_of, suggested_limit, verdict_of
from felhom_hub.telemetry.listing import Link
from felhom_hub.telemetry.looks import Look, look_of, tile_of, tone_of_share
from felhom_hub.telemetry.models import AppFigures, AppUsage
from felhom_hub.telemetry.periods import PERIODS
from felhom_hub.telemetry.summarise import HOUR_MS, hour_of
from felhom_hub.telemetry.trend import read_trend

BOXES_SHOWN, MOST_BOXES = 20, 1000
_NEAR_LIMIT_PERCENT = 97


@dataclass(frozen=True, slots=True)
class Box:
    """What the app used on one box."""

    usage: AppUsage
    name: str
    percent: int | None  # of its limit, that its P95 is
    tone: str
    peak_tone: str

    @property
    def bar(self) -> int:
        """The bar's length, at most 100."""
        return min(self.percent or 0, 100)


@dataclass(frozen=True, slots=True)
class AppPage:
    """All that the page prints; `app` is None where nothing was measured in the period."""

    view: AppView
    name: str
    tile: str
    last_at: datetime  # when the hour began in which it was reported last: it is as old as that at most
    is_hour_new: bool
    periods: list[Link]
    app: AppFigures | None
    look: Look | None
    suggestion: Suggestion | None
    near_limit: int
    with_issues: int
    trend: Chart | None
    boxes: list[Box]
    headings: list[Link]
    issues: list[Issue]
    issue_count: int
    all_path: str
    least_samples: int = LEAST_SAMPLES
    near_limit_percent: int = _NEAR_LIMIT_PERCENT

    @property
    def peak_tone(self) -> str:
        """How the highest peak stands to the limit."""
        return tone_of_share(self.app.peak_mb, self.app.memory_limit_mb) if self.app else ""


_COLUMNS = {
    "customer": ("Customer", "", "customer__name", False),
    "average": ("Average", "n", "average_mb", True),
    "p95": ("P95", "n", "p95_mb", True),
    "peak": ("Peak", "n", "peak_mb", True),
    "": ("P95 against limit", "w-bar", "", False),
    "errors": ("Errors, 24 h", "n", "log_errors_24h", True),
    "warnings": ("Warnings, 24 h", "n", "log_warnings_24h", True),
}


def app_page(view: AppView, *, now: datetime) -> AppPage | Fresh | None:
    """The app's page; what was reported a moment ago where nothing is summed up yet; None where no box has the app."""
    if "\x00" in view.name or len(view.name) > NAME_LENGTH:
        return None
    figures = {row.period: row for row in AppFigures.objects.filter(app_name=view.name)}
    if not figures:
        return read_fresh(view.name)
    newest = max(figures.values(), key=lambda row: row.last_hour)
    app = figures.get(view.period.key)
    now_hour = hour_of(now)
    since = from_milliseconds(view.period.first_hour(now_hour) * HOUR_MS)
    issues, issue_count = read_issues(view.name, since=since, most=MOST_SHOWN if view.shows_all else SHOWN)
    usage = AppUsage.objects.filter(app_name=view.name, period=view.period.key)
    name = newest.display_name or view.name
    last_at = from_milliseconds(newest.last_hour * HOUR_MS)
    return AppPage(
        view=view,
        name=name,
        tile=tile_of(name),
        last_at=last_at,
        is_hour_new=now - last_at < timedelta(minutes=1),
        periods=[Link(each.words, replace(view, period=each).path, each is view.period) for each in PERIODS],
        app=app,
        look=_look(app) if app else None,
        suggestion=suggested_limit(app.p95_mb, samples=app.samples) if app else None,
        near_limit=usage.filter(peak_mb__gt=F("memory_limit_mb") * (_NEAR_LIMIT_PERCENT / 100)).count(),
        with_issues=usage.filter(Q(log_errors_24h__gt=0) | Q(log_warnings_24h__gt=0)).count(),
        trend=read_trend(view.name, view.period, now_hour=now_hour, limit_mb=newest.memory_limit_mb),
        boxes=[_box(row) for row in _ordered(usage, view)],
        headings=[_heading(column, view) for column in _COLUMNS],
        issues=issues,
        issue_count=issue_count,
        all_path=replace(view, shows_all=True).path,
    )


def _look(app: AppFigures) -> Look:
    estimate, limit = app.memory_request_mb, app.memory_limit_mb
    verdict = verdict_of(app.p95_mb, samples=app.samples, estimate_mb=estimate, limit_mb=limit)
    return look_of(verdict, app.p95_mb, estimate_mb=estimate, limit_mb=limit)


def _ordered(usage: QuerySet[AppUsage], view: AppView) -> QuerySet[AppUsage]:
    _, _, field, falls = _COLUMNS[view.sort or "p95"]
    column = F(field)
    order = column.desc(nulls_last=True) if falls != view.is_reversed else column.asc(nulls_last=True)
    most = MOST_BOXES if view.shows_all else BOXES_SHOWN
    return usage.select_related("customer").order_by(order, "customer__customer_id")[:most]


def _box(usage: AppUsage) -> Box:
    percent = None
    if usage.memory_limit_mb and usage.p95_mb is not None:
        percent = percent_of(usage.p95_mb, usage.memory_limit_mb)
    return Box(
        usage,
        usage.customer.name or usage.customer.customer_id,
        percent,
        tone_of_share(usage.p95_mb, usage.memory_limit_mb),
        tone_of_share(usage.peak_mb, usage.memory_limit_mb),
    )


def _heading(column: str, view: AppView) -> Link:
    label, css, _, falls = _COLUMNS[column]
    if not column:
        return Link(label, "", css=css)
    is_current = (view.sort or "p95") == column
    path = replace(view, sort=column, is_reversed=is_current and not view.is_reversed).path
    direction = "descending" if falls != view.is_reversed else "ascending"
    return Link(label, path, is_current, aria_sort=direction if is_current else "", css=css)
