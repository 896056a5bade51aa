"""One page of the list: its rows in their groups, or in a column's order, and where it stands among the pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from felhom_hub.configs.queries import own_thresholds
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.address import View
from felhom_hub.fleet.clock import Clock
from felhom_hub.fleet.meters import lines_with
from felhom_hub.fleet.order import ORDERED_BY_SIGNALS, Buckets, by_column, by_need
from felhom_hub.fleet.places import DISABLED, DOWN_BY_HEALTH, DOWN_BY_SILENCE, OK, PENDING, WARN
from felhom_hub.fleet.roster import Server, read_signals
from felhom_hub.fleet.rows import Row, row_of
from felhom_hub.reports.summary import summaries

# A fleet of this size is one page. A larger one is looked through by its filters rather than by reading, so its pages
# are shorter, and half as costly to make every minute.
WHOLE_ROWS = 200
PAGE_ROWS = 100
_GROUPS = (
    ("attention", (DOWN_BY_HEALTH, DOWN_BY_SILENCE, WARN)),
    ("waiting", (PENDING, DISABLED)),
    ("normal", (OK,)),
)


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the list under one heading; `total` counts its servers on all pages."""

    name: str
    total: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Part:
    """Which of the found servers the page shows."""

    first: int
    last: int
    number: int
    of: int
    previous_path: str
    next_path: str


def rows_of(found: int) -> int:
    """How many rows a page has, of so many found servers."""
    return WHOLE_ROWS if found <= WHOLE_ROWS else PAGE_ROWS


def pages_of(found: int) -> int:
    """How many pages the found servers take."""
    return max(1, -(-found // rows_of(found)))


def part_of(view: View, found: int) -> Part:
    """The place of the view's page."""
    rows, pages = rows_of(found), pages_of(found)
    first = (view.page - 1) * rows + 1
    return Part(
        first=first,
        last=min(first + rows - 1, found),
        number=view.page,
        of=pages,
        previous_path=replace(view, page=view.page - 1).path if view.page > 1 else "",
        next_path=replace(view, page=view.page + 1).path if view.page < pages else "",
    )


def reached_by(view: View, sizes: Sequence[int]) -> dict[int, slice]:
    """The places that the view's page reaches, of so many found servers in each, with the part that it shows."""
    rows_a_page = rows_of(sum(sizes))
    start, before = (view.page - 1) * rows_a_page, 0
    reached = {}
    for place, size in enumerate(sizes):
        begin, end = max(start - before, 0), start + rows_a_page - before
        if begin < size and end > 0:
            reached[place] = slice(begin, end)
        before += size
    return reached


def groups_of(found: Buckets, sizes: Sequence[int], view: View, clock: Clock) -> list[Group]:
    """The shown rows, in groups where the list is in the order of need.

    `sizes` is how many were found in each place; `found` has them all, at least of the places that the page reaches.
    """
    if view.sort is not None:
        rows_a_page = rows_of(sum(sizes))
        start = (view.page - 1) * rows_a_page
        ordered = by_column(found, view.sort, is_reversed=view.is_reversed)
        shown = [("sorted", len(ordered), ordered[start : start + rows_a_page])]
    else:
        shown = _shown(found, sizes, view, clock)
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


def _shown(found: Buckets, sizes: Sequence[int], view: View, clock: Clock) -> list[tuple[str, int, list[Server]]]:
    """Name, size and shown servers of each group; a place that the page does not reach is not even sorted."""
    reached = reached_by(view, sizes)
    places = [place for place in ORDERED_BY_SIGNALS if place in reached]
    signals = read_signals(clock, places) if places else {}
    for place in reached:
        by_need(found[place], place, signals, stale_ms=clock.stale_ms, now_ms=clock.now_ms)
    return [
        (
            name,
            sum(sizes[place] for place in places),
            [server for place in places if place in reached for server in found[place][reached[place]]],
        )
        for name, places in _GROUPS
    ]
