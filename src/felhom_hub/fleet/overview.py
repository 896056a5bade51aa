"""Puts the overview together: headline, chips, facts, what changed, and one page of the list in its groups."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from felhom_hub.fleet.address import Problem, View
from felhom_hub.fleet.changes import Changes, Named, Then, Trouble, changes_of
from felhom_hub.fleet.clock import Clock, clock_at
from felhom_hub.fleet.facts import Fact, backup_fact, report_fact
from felhom_hub.fleet.links import (
    ColumnBox,
    Filter,
    Heading,
    column_boxes,
    headings,
    problem_filter,
    sorted_words,
    status_filters,
)
from felhom_hub.fleet.listing import Group, Part, groups_of, pages_of, part_of, reached_by
from felhom_hub.fleet.narrowing import narrowed
from felhom_hub.fleet.order import Buckets, in_places
from felhom_hub.fleet.places import BLOCKED, DOWN_BY_HEALTH, DOWN_BY_SILENCE, LISTED, OK, STATUSES, TROUBLED, WARN
from felhom_hub.fleet.proportion import Share, shares_of
from felhom_hub.fleet.roster import Server, read_census, read_fleet
from felhom_hub.reports.status import Status

_MOST_NAMED = 10_000  # servers in one query; SQLite takes 32,766 values


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page prints; `total` counts the servers that are not blocked.

    `changes` is None where the operator has not looked before; `trouble` is what is seen now.
    """

    view: View
    attention: int
    total: int
    blocked: int
    waiting: int
    shares: list[Share]
    changes: Changes | None
    changed: Filter
    trouble: Trouble
    reports: Fact
    backups: Fact
    everything_path: str
    unsorted_path: str
    filters: list[Filter]
    problems: list[Filter]
    headings: list[Heading]
    columns: list[ColumnBox]
    width: int
    kept_by_filter: list[tuple[str, str]]
    kept_by_columns: list[tuple[str, str]]
    sorted_words: str
    found: int
    part: Part
    groups: list[Group]


def overview(view: View, *, now: datetime, then: Then | None = None) -> Overview:
    """The overview as `view` asks for it, with at most a page of rows, compared with what was seen `then`."""
    clock = clock_at(now)
    census = read_census(clock)
    *sizes, blocked = census.sizes
    counts = Counter(dict.fromkeys(STATUSES, 0))
    for status, size in zip(STATUSES, sizes, strict=False):
        counts[status] += size
    seen = _each(view, clock, then) if view.asks_of_each else _few(view, clock, then, sizes)
    view, changes, count = seen.view, seen.changes, sum(seen.sizes)
    changed = changes.pks if changes else frozenset()
    reports, backups = report_fact(census.rhythms, now_ms=clock.now_ms), backup_fact(census.rhythms)
    return Overview(
        view=view,
        attention=counts[Status.DOWN] + counts[Status.WARN],
        total=sum(sizes),
        blocked=blocked,
        waiting=counts[Status.PENDING] + counts[Status.DISABLED],
        shares=shares_of(counts),
        changes=changes,
        changed=problem_filter(Problem.CHANGED, "See changes", len(changed), view),
        trouble=_trouble(seen.servers),
        reports=reports,
        backups=backups,
        everything_path=View(sort=view.sort, is_reversed=view.is_reversed, columns=view.columns).path,
        unsorted_path=replace(view, sort=None, is_reversed=False, page=1).path,
        filters=status_filters(counts, view),
        problems=[
            problem_filter(Problem.SILENT, "Silent", reports.missing, view),
            problem_filter(Problem.NO_BACKUP, "Backup overdue", backups.missing, view),
        ],
        headings=headings(view),
        columns=column_boxes(view),
        width=len(headings(view)),
        kept_by_filter=view.kept_without("q"),
        kept_by_columns=view.kept_without("cols"),
        sorted_words=sorted_words(view),
        found=count,
        part=part_of(view, count),
        groups=groups_of(seen.found, seen.sizes, view, clock),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was read: of `servers` all that need attention, of `found` all in the places that the page reaches.

    `sizes` is how many were found in each place; `view` has a page that there is.
    """

    view: View
    servers: Buckets
    changes: Changes | None
    found: Buckets
    sizes: list[int]


def _each(view: View, clock: Clock, then: Then | None) -> _Seen:
    """Every server is looked at: the view sorts by what each has, or leaves some out."""
    servers = in_places(read_fleet(clock, view.sort, problem=view.problem, texts=view.text != ""))
    changes = _changes(then, servers)
    found = narrowed(servers[:BLOCKED], view, clock, changed=changes.pks if changes else ())
    sizes = list(map(len, found))
    return _Seen(_within(view, sizes), servers, changes, found, sizes)


def _few(view: View, clock: Clock, then: Then | None, sizes: list[int]) -> _Seen:
    """In the order of need most servers are on later pages and are well: of those the number is all that is asked."""
    sizes = [size if view.status in (None, status) else 0 for status, size in zip(STATUSES, sizes, strict=False)]
    view = _within(view, sizes)
    places = {*TROUBLED, *reached_by(view, sizes)}
    also = then.trouble.down | then.trouble.warned if then else frozenset()
    if len(also) > _MOST_NAMED:
        places, also = set(LISTED), frozenset()
    servers = in_places(read_fleet(clock, places=places, also=also))
    return _Seen(view, servers, _changes(then, servers), servers, sizes)


def _within(view: View, sizes: list[int]) -> View:
    return replace(view, page=min(view.page, pages_of(sum(sizes))))


def _trouble(listed: Buckets) -> Trouble:
    return Trouble(
        down=frozenset(server.pk for place in (DOWN_BY_HEALTH, DOWN_BY_SILENCE) for server in listed[place]),
        warned=frozenset(server.pk for server in listed[WARN]),
    )


def _changes(then: Then | None, listed: Buckets) -> Changes | None:
    if then is None:
        return None
    troubled = then.trouble.down | then.trouble.warned
    return changes_of(
        then,
        down=map(_named, listed[DOWN_BY_HEALTH] + listed[DOWN_BY_SILENCE]),
        warned=map(_named, listed[WARN]),
        well=(_named(server) for server in listed[OK] if server.pk in troubled),
    )


def _named(server: Server) -> Named:
    return Named(server.pk, server.name)
