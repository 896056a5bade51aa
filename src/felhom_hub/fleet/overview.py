"""Puts the overview together: headline, chips, facts, and one page of the list in its groups."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from felhom_hub.base.instants import to_milliseconds
from felhom_hub.configs.queries import own_thresholds
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.address import Problem, View
from felhom_hub.fleet.facts import Fact, backup_fact, has_no_backup, is_silent, report_fact
from felhom_hub.fleet.links import Filter, Heading, headings, problem_filter, sorted_words, status_filters
from felhom_hub.fleet.meters import lines_with
from felhom_hub.fleet.order import (
    DISABLED,
    DOWN_BY_HEALTH,
    DOWN_BY_SILENCE,
    OK,
    PENDING,
    STATUSES,
    WARN,
    Buckets,
    by_column,
    by_need,
    in_places,
    sort_name,
)
from felhom_hub.fleet.roster import Server, read_fleet, read_reasons, read_signals, read_towns
from felhom_hub.fleet.rows import Row, row_of
from felhom_hub.reports.queries import folded
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import summaries, thresholds

PAGE_ROWS = 200
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the list under one heading; `total` counts its servers on all pages."""

    name: str
    total: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the proportion bar, 100 wide."""

    tone: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Part:
    """Which of the found servers the page shows."""

    first: int
    last: int
    number: int
    of: int
    previous_path: str
    next_path: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page prints; `total` counts the servers that are not blocked."""

    view: View
    attention: int
    total: int
    blocked: int
    waiting: int
    shares: list[Share]
    reports: Fact
    backups: Fact
    everything_path: str
    unsorted_path: str
    filters: list[Filter]
    problems: list[Filter]
    headings: list[Heading]
    sorted_words: str
    found: int
    part: Part
    groups: list[Group]


def overview(view: View, *, now: datetime) -> Overview:
    """The overview as `view` asks for it, with at most PAGE_ROWS rows."""
    clock = _Clock.at(now)
    everybody = in_places(read_fleet(view.sort), stale_ms=clock.stale_ms, down_ms=clock.down_ms, now_ms=clock.now_ms)
    *listed, blocked = everybody
    counts = Counter(dict.fromkeys(STATUSES, 0))
    for status, servers in zip(STATUSES, listed, strict=False):
        counts[status] += len(servers)
    found = _found(listed, view, clock)
    view = replace(view, page=min(view.page, _pages(sum(map(len, found)))))
    everyone = [server for servers in listed for server in servers]
    reports = report_fact(everyone, stale_ms=clock.stale_ms, now_ms=clock.now_ms)
    backups = backup_fact(everyone, now_ms=clock.now_ms)
    return Overview(
        view=view,
        attention=counts[Status.DOWN] + counts[Status.WARN],
        total=len(everyone),
        blocked=len(blocked),
        waiting=counts[Status.PENDING] + counts[Status.DISABLED],
        shares=_shares(counts),
        reports=reports,
        backups=backups,
        everything_path=View(sort=view.sort, is_reversed=view.is_reversed).path,
        unsorted_path=replace(view, sort=None, is_reversed=False, page=1).path,
        filters=status_filters(counts, view),
        problems=[
            problem_filter(Problem.SILENT, "Silent", reports.missing, view),
            problem_filter(Problem.NO_BACKUP, "Backup overdue", backups.missing, view),
        ],
        headings=headings(view),
        sorted_words=sorted_words(view),
        found=sum(map(len, found)),
        part=_part(view, sum(map(len, found))),
        groups=_groups(found, view, clock),
    )


@dataclass(frozen=True, slots=True)
class _Clock:
    """The time of the page and the thresholds, as the rows have their times."""

    now: datetime
    now_ms: int
    stale_ms: int
    down_ms: int

    @classmethod
    def at(cls, now: datetime) -> "_Clock":
        limits = thresholds()
        return cls(now, to_milliseconds(now), limits.stale // _MILLISECOND, limits.down // _MILLISECOND)


def _pages(found: int) -> int:
    return max(1, -(-found // PAGE_ROWS))


def _part(view: View, found: int) -> Part:
    first, pages = (view.page - 1) * PAGE_ROWS + 1, _pages(found)
    return Part(
        first=first,
        last=min(first + PAGE_ROWS - 1, found),
        number=view.page,
        of=pages,
        previous_path=replace(view, page=view.page - 1).path if view.page > 1 else "",
        next_path=replace(view, page=view.page + 1).path if view.page < pages else "",
    )


def _found(listed: Buckets, view: View, clock: _Clock) -> Buckets:
    """The servers of each place that the view's filters leave."""
    tests: list[Callable[[Server], bool]] = []
    if view.problem is Problem.SILENT:
        tests.append(lambda server: is_silent(server, stale_ms=clock.stale_ms, now_ms=clock.now_ms))
    if view.problem is Problem.NO_BACKUP:
        tests.append(lambda server: has_no_backup(server, now_ms=clock.now_ms))
    if view.text:
        tests.append(_says(view.text, clock))
    found = []
    for status, servers in zip(STATUSES, listed, strict=False):
        kept = servers if view.status in (None, status) else []
        for passes in tests:
            kept = [server for server in kept if passes(server)]
        found.append(kept)
    return found


def _says(text: str, clock: _Clock) -> Callable[[Server], bool]:
    """Whether a server's name, id, town or reason holds the text, without regard to case and accents."""
    wanted, towns, reasons = folded(text), read_towns(), read_reasons(now=clock.now)

    def says(server: Server) -> bool:
        names = (server.name, server.customer_id, towns.get(server.pk, ""))
        return any(wanted in sort_name(name) for name in names) or wanted in folded(reasons.get(server.pk, ""))

    return says


_GAP = 0.5


def _shares(counts: Counter[Status]) -> list[Share]:
    """DOWN, WARN, waiting and OK in proportion, with a gap between two."""
    waiting = counts[Status.PENDING] + counts[Status.DISABLED]
    parts = (("down", counts[Status.DOWN]), ("warn", counts[Status.WARN]), ("idle", waiting), ("ok", counts[Status.OK]))
    total = sum(count for _, count in parts)
    shares, x = [], 0.0
    for tone, count in parts:
        width = count * 100 / total if total else 0.0
        if count:
            shares.append(Share(tone, round(x, 2), round(max(width - _GAP, _GAP), 2)))
        x += width
    return shares


_GROUPS = (
    ("attention", (DOWN_BY_HEALTH, DOWN_BY_SILENCE, WARN)),
    ("waiting", (PENDING, DISABLED)),
    ("normal", (OK,)),
)


def _groups(found: Buckets, view: View, clock: _Clock) -> list[Group]:
    """The shown rows, in groups where the list is in the order of need."""
    start = (view.page - 1) * PAGE_ROWS
    if view.sort is not None:
        everyone = [server for servers in found for server in servers]
        ordered = by_column(everyone, view.sort, is_reversed=view.is_reversed)
        shown = [("sorted", len(ordered), ordered[start : start + PAGE_ROWS])]
    else:
        shown = _shown(found, start, clock)
    pks = [server.pk for _, _, servers in shown for server in servers]
    own = own_thresholds(pks)
    rows = {
        summary.pk: row_of(summary, now=clock.now, lines=lines_with(own.get(summary.pk)))
        for summary in summaries(Customer.objects.filter(pk__in=pks), now=clock.now)
    }
    # A customer that was deleted between the two queries has no row.
    return [
        Group(name, total, [rows[server.pk] for server in servers if server.pk in rows])
        for name, total, servers in shown
        if servers
    ]


def _shown(found: Buckets, start: int, clock: _Clock) -> list[tuple[str, int, list[Server]]]:
    """Name, size and shown servers of each group; a place that the page does not reach is not even sorted."""
    signals, shown, before = read_signals(), [], 0
    for name, places in _GROUPS:
        servers: list[Server] = []
        for place in places:
            bucket = found[place]
            begin, end = max(start - before, 0), start + PAGE_ROWS - before
            if begin < len(bucket) and end > 0:
                by_need(bucket, place, signals, stale_ms=clock.stale_ms, now_ms=clock.now_ms)
                servers += bucket[begin:end]
            before += len(bucket)
        shown.append((name, sum(len(found[place]) for place in places), servers))
    return shown
