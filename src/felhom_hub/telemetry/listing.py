"""Puts the page of all apps together from the figures of one period."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from felhom_hub.telemetry.address import AppsView, app_path
from felhom_hub.telemetry.figures import WHOLE_FLEET
from felhom_hub.telemetry.fresh import is_waiting
from felhom_hub.telemetry.limits import NEEDS_CHANGE, Verdict, verdict_of
from felhom_hub.telemetry.looks import Fit, Look, fit_of, look_of, tile_of
from felhom_hub.telemetry.models import AppFigures
from felhom_hub.telemetry.periods import DEFAULT, PERIODS

PAGE_ROWS = 100
_ORDER = list(Verdict)


@dataclass(frozen=True, slots=True)
class Row:
    """One app."""

    app: AppFigures
    name: str
    path: str
    tile: str
    look: Look
    fit: Fit | None


@dataclass(frozen=True, slots=True)
class Link:
    """A period, filter or heading; `aria_sort` is empty where it is not the one that sorts."""

    label: str
    path: str
    is_current: bool = False
    count: int = 0
    aria_sort: str = ""
    css: str = ""


@dataclass(frozen=True, slots=True)
class Apps:
    """All that the page prints; `changes` counts the apps that need one."""

    view: AppsView
    total: int
    changes: int
    boxes: int
    installations: int
    found: int
    rows: list[Row]
    periods: list[Link]
    everything: Link
    change_filter: Link
    headings: list[Link]
    all_path: str
    unsorted_path: str
    awaits_figures: bool


_COLUMNS = {
    "app": ("App", "", False),
    "installed": ("Installed", "n", True),
    "average": ("Average", "n", True),
    "p95": ("P95", "n", True),
    "": ("Memory against limit", "", False),
    "limit": ("Limit", "n", True),
    "verdict": ("Verdict", "", False),
    "issues": ("Log issues, 24 h", "", True),
}

_Key = Callable[[Row], Any]
_KEYS: dict[str, _Key] = {
    "app": lambda row: row.name.casefold(),
    "installed": lambda row: row.app.installations,
    "average": lambda row: -1 if row.app.average_mb is None else row.app.average_mb,
    "p95": lambda row: -1 if row.app.p95_mb is None else row.app.p95_mb,
    "limit": lambda row: row.app.memory_limit_mb or 0,
    "verdict": lambda row: _ORDER.index(row.look.verdict),
    "issues": lambda row: (row.app.log_errors_24h or 0, row.app.log_warnings_24h or 0),
}


def apps_page(view: AppsView) -> Apps:
    """The page as `view` asks for it: at most PAGE_ROWS rows where not all are asked for."""
    stored = list(AppFigures.objects.filter(period=view.period.key))
    boxes = next((row.installations for row in stored if row.app_name == WHOLE_FLEET), 0)
    rows = [_row(app, view) for app in stored if app.app_name != WHOLE_FLEET]
    changes = sum(row.look.verdict in NEEDS_CHANGE for row in rows)
    found = _ordered([row for row in rows if _is_found(row, view)], view)
    return Apps(
        view=view,
        total=len(rows),
        changes=changes,
        boxes=boxes,
        installations=sum(row.app.installations for row in rows),
        found=len(found),
        rows=found if view.shows_all else found[:PAGE_ROWS],
        periods=[
            Link(period.words, replace(view, period=period, shows_all=False).path, period is view.period)
            for period in PERIODS
        ],
        everything=Link("All", replace(view, needs_change=False, text="").path, not view.is_narrowed, len(rows)),
        change_filter=Link(
            "Needs a change",
            replace(view, needs_change=not view.needs_change).path,
            view.needs_change,
            changes,
        ),
        headings=[_heading(column, view) for column in _COLUMNS],
        all_path=replace(view, shows_all=True).path,
        unsorted_path=replace(view, sort="", is_reversed=False).path,
        awaits_figures=not rows and is_waiting(),
    )


def _row(app: AppFigures, view: AppsView) -> Row:
    settings = {"estimate_mb": app.memory_request_mb, "limit_mb": app.memory_limit_mb}
    verdict = verdict_of(app.p95_mb, samples=app.samples, **settings)
    name = app.display_name or app.app_name
    return Row(
        app,
        name,
        app_path(app.app_name, {"period": view.period.key} if view.period is not DEFAULT else {}),
        tile_of(name),
        look_of(verdict, app.p95_mb, **settings),
        fit_of(app.average_mb, app.p95_mb, **settings),
    )


def _is_found(row: Row, view: AppsView) -> bool:
    text = view.text.casefold()
    is_named = text in row.name.casefold() or text in row.app.app_name.casefold()
    return is_named and (not view.needs_change or row.look.verdict in NEEDS_CHANGE)


def _ordered(rows: list[Row], view: AppsView) -> list[Row]:
    """By need first, and within it by the number of boxes; or by the asked column."""
    rows.sort(key=lambda row: (_ORDER.index(row.look.verdict), -row.app.installations, row.name.casefold()))
    if view.sort:
        _, _, falls = _COLUMNS[view.sort]
        rows.sort(key=_KEYS[view.sort], reverse=falls != view.is_reversed)
    return rows


def _heading(column: str, view: AppsView) -> Link:
    label, css, falls = _COLUMNS[column]
    if not column:
        return Link(label, "")
    is_current = view.sort == column
    path = replace(view, sort=column, is_reversed=is_current and not view.is_reversed).path
    direction = "descending" if falls != view.is_reversed else "ascending"
    return Link(label, path, is_current, aria_sort=direction if is_current else "", css=css)
