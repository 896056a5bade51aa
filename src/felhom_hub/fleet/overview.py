"""Puts the overview together: headline, chips, facts, what changed, and one page of the list in its groups."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from felhom_hub.base.db import snapshot
from felhom_hub.fleet.address import Problem, View
from felhom_hub.fleet.changes import Changes, Then, Trouble, changes_of, moved_since
from felhom_hub.fleet.clock import Clock, clock_at
from felhom_hub.fleet.facts import Fact, backup_fact, config_fact, controller_fact, report_fact
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
from felhom_hub.fleet.listing import Group, Part, groups_of, pages_of, part_of
from felhom_hub.fleet.narrowing import narrowed
from felhom_hub.fleet.places import DOWN_BY_HEALTH, DOWN_BY_SILENCE, OK, STATUSES, WARN
from felhom_hub.fleet.proportion import Share, shares_of
from felhom_hub.fleet.roster import names_of, read_census
from felhom_hub.fleet.updates import servers_behind, updates_now
from felhom_hub.reports.status import Status


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
    controllers: Fact
    newest: str  # release of the controller; empty where none is known
    configs: Fact
    by_update: Filter
    by_config: Filter
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
    untaken_incidents: int
    lost: int  # how many could not be rebuilt from what the hub has


def overview(view: View, *, now: datetime, then: Then | None = None) -> Overview:
    """The overview as `view` asks for it, with at most a page of rows, compared with what was seen `then`."""
    with snapshot():
        return _overview(view, clock_at(now), then)


def _overview(view: View, clock: Clock, then: Then | None) -> Overview:
    census = read_census(clock)
    standing = census.standing()
    counts = Counter(dict.fromkeys(STATUSES, 0))
    for status, pks in zip(STATUSES, standing, strict=False):
        counts[status] += len(pks)
    trouble = Trouble(
        down=frozenset(standing[DOWN_BY_HEALTH] + standing[DOWN_BY_SILENCE]), warned=frozenset(standing[WARN])
    )
    changes = _changes(then, trouble, well=standing[OK]) if then else None
    changed = changes.pks if changes else frozenset()
    updates = updates_now()
    listed = servers_behind(updates) if view.problem is Problem.UPDATE else changed
    differing, lost = census.having(Problem.CONFIG), census.having(Problem.UNRECOVERABLE)
    found = narrowed(census, view, clock, listed=listed) if view.is_narrowed else standing
    count = sum(map(len, found))
    view = replace(view, page=min(view.page, pages_of(count)))
    shown = groups_of(found, view, clock, updates, frozenset(lost))
    reports, backups = report_fact(census.reporting, now_ms=clock.now_ms), backup_fact(census.reporting)
    by_update = problem_filter(Problem.UPDATE, "Update available", updates.servers, view)
    by_config = problem_filter(Problem.CONFIG, "Config differs", len(differing), view)
    return Overview(
        view=view,
        attention=counts[Status.DOWN] + counts[Status.WARN],
        total=sum(map(len, standing)),
        blocked=census.blocked,
        waiting=counts[Status.PENDING] + counts[Status.DISABLED],
        shares=shares_of(counts),
        changes=changes,
        changed=problem_filter(Problem.CHANGED, "See changes", len(changed), view),
        trouble=trouble,
        reports=reports,
        backups=backups,
        controllers=controller_fact(updates),
        newest=updates.newest,
        configs=config_fact(census.reporting),
        by_update=by_update,
        by_config=by_config,
        everything_path=View(sort=view.sort, is_reversed=view.is_reversed, columns=view.columns).path,
        unsorted_path=replace(view, sort=None, is_reversed=False, page=1).path,
        filters=status_filters(counts, view),
        problems=[
            problem_filter(Problem.SILENT, "Silent", reports.missing, view),
            problem_filter(Problem.NO_BACKUP, "Backup overdue", backups.missing, view),
            *([by_update] if updates.newest else []),
            *_where_any(by_config),
            *_where_any(problem_filter(Problem.UNRECOVERABLE, "Cannot be rebuilt", len(lost), view)),
        ],
        headings=headings(view),
        columns=column_boxes(view),
        width=len(headings(view)),
        kept_by_filter=view.kept_without("q"),
        kept_by_columns=view.kept_without("cols"),
        sorted_words=sorted_words(view),
        found=count,
        part=part_of(view, count),
        groups=shown.groups,
        untaken_incidents=shown.untaken_incidents,
        lost=len(lost),
    )


def _where_any(each: Filter) -> list[Filter]:
    return [each] if each.count or each.is_current else []


def _changes(then: Then, trouble: Trouble, *, well: list[int]) -> Changes:
    moved = moved_since(then, trouble, well=well)
    return changes_of(then, moved, names_of(moved.alone) if moved.alone else {})
