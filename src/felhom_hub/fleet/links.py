"""The overview's links: filters, headings and pages, each of them another view of the list. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from felhom_hub.fleet.address import SHOWN_STATUSES, Problem, View
from felhom_hub.fleet.columns import CHOOSABLE, Column
from felhom_hub.fleet.looks import LOOKS, Look
from felhom_hub.reports.status import Status


@dataclass(frozen=True, slots=True)
class Filter:
    """Shows a part of the list; where that is shown already, its path shows everything again."""

    word: str
    count: int
    path: str
    is_current: bool
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that the list can be sorted by; `aria_sort` is empty where it is not the one."""

    label: str
    path: str
    aria_sort: str = ""
    css: str = ""
    title: str = ""
    is_strip: bool = False


@dataclass(frozen=True, slots=True)
class ColumnBox:
    """A column in the menu that chooses them."""

    value: str
    label: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class _Column:
    """`rises`: sorted first by the lowest, oldest or first; the words name both ends."""

    label: str
    words: tuple[str, str]
    rises: bool = False
    css: str = ""
    title: str = ""


_LEVEL = ("lowest first", "highest first")
_TIME = ("oldest first", "newest first")
_COLUMNS = {
    Column.STATUS: _Column("Status", ("worst first", "best first"), rises=True, css="c-st"),
    Column.CUSTOMER: _Column("Customer", ("A to Z", "Z to A"), rises=True, css="c-who"),
    Column.REPORTS: _Column("Reports, last 24 h", ("fewest missed first", "most missed first"), css="c-hb"),
    Column.REPORT: _Column("Last report", _TIME, rises=True, css="c-seen"),
    Column.CPU: _Column("CPU", _LEVEL, css="c-cpu"),
    Column.MEMORY: _Column("Memory", _LEVEL, css="c-mem"),
    Column.DISK: _Column("Disk", _LEVEL, css="c-dsk", title="Fullest drive of each server"),
    Column.TEMPERATURE: _Column("CPU temp", _LEVEL, css="c-tmp"),
    Column.BACKUP: _Column("Last backup", _TIME, rises=True, css="c-bk"),
    Column.CONTROLLER: _Column("Controller", _TIME, rises=True, css="c-ver"),
    Column.CONFIG: _Column("Config", ("differing first", "in sync first"), rises=True, css="c-cfg"),
    Column.EVENTS: _Column(
        "Events, 24 h",
        ("fewest first", "most first"),
        css="c-ev",
        title="Error and warning events in the last 24 hours",
    ),
}


def is_descending(column: Column, *, is_reversed: bool) -> bool:
    """Whether the column's highest value stands first: readings and events begin with it."""
    return _COLUMNS[column].rises == is_reversed


def status_filters(counts: Mapping[Status, int], view: View) -> list[Filter]:
    """One for each status that the overview shows, zero counts included."""
    return [
        Filter(
            LOOKS[status].word,
            counts.get(status, 0),
            replace(view, status=None if view.status is status else status, page=1).path,
            view.status is status,
            LOOKS[status],
        )
        for status in SHOWN_STATUSES
    ]


def problem_filter(problem: Problem, word: str, count: int, view: View) -> Filter:
    """The filter of one problem."""
    is_current = view.problem is problem
    path = replace(view, problem=None if is_current else problem, page=1).path
    return Filter(word, count, path, is_current)


def column_boxes(view: View) -> list[ColumnBox]:
    """One for each column that can be left out."""
    return [ColumnBox(column, _COLUMNS[column].label, column in view.columns) for column in CHOOSABLE]


def headings(view: View) -> list[Heading]:
    """A heading for each shown column; the one that sorts turns the order round."""
    found = []
    for column, about in _COLUMNS.items():
        if column in CHOOSABLE and column not in view.columns:
            continue
        is_current = view.sort is column
        path = replace(view, sort=column, is_reversed=is_current and not view.is_reversed, page=1).path
        sort = _direction(column, view) if is_current else ""
        is_strip = column is Column.REPORTS
        found.append(Heading(about.label, path, sort, about.css, about.title, is_strip))
    return found


def sorted_words(view: View) -> str:
    """How the list is sorted, in words; empty for the order of need."""
    if view.sort is None:
        return ""
    about = _COLUMNS[view.sort]
    words = about.words[is_descending(view.sort, is_reversed=view.is_reversed)]
    return f"sorted by {about.label}, {words}"


def _direction(column: Column, view: View) -> str:
    return "descending" if is_descending(column, is_reversed=view.is_reversed) else "ascending"
