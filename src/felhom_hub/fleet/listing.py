"""One page of the list: its rows in their groups, or in a column's order, and where it stands among the pages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from felhom_hub.configs.queries import own_thresholds
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.address import View
from felhom_hub.fleet.clock import Clock
from felhom_hub.fleet.meters import lines_with
from felhom_hub.fleet.places import DISABLED, DOWN_BY_HEALTH, DOWN_BY_SILENCE, OK, PENDING, WARN
from felhom_hub.fleet.ranking import by_column, by_need
from felhom_hub.fleet.roster import Places
from felhom_hub.fleet.rows import Row, row_of
from felhom_hub.fleet.updates import Updates
from felhom_hub.notify.taken import read_takings
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
class Listed:
    """The groups, and how many open incidents nobody has taken, which is read with their rows."""

    groups: list[Group]
    untaken_incidents: int


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


def groups_of(found: Places, view: View, clock: Clock, updates: Updates, lost: Collection[int]) -> Listed:
    """The shown rows, in groups where the list is in the order of need.

    `found` has everybody who was found, `lost` those who could not be rebuilt.
    """
    if view.sort is not None:
        total = sum(map(len, found))
        start = (view.page - 1) * rows_of(total)
        part = slice(start, start + rows_of(total))
        asked = found if view.is_narrowed else None
        ordered = by_column(asked, view.sort, is_reversed=view.is_reversed, part=part, clock=clock)
        shown = [("sorted", total, ordered)]
    else:
        shown = _shown(found, view, clock)
    pks = [pk for _, _, servers in shown for pk in servers]
    own, takings = own_thresholds(pks), read_takings(pks)
    rows = {
        summary.pk: row_of(
            summary,
            now=clock.now,
            lines=lines_with(own.get(summary.pk)),
            taken=takings.of.get(summary.pk, ()),
            updates=updates,
            is_lost=summary.pk in lost,
        )
        for summary in summaries(Customer.objects.filter(pk__in=pks), now=clock.now)
    }
    groups = [Group(name, total, [rows[pk] for pk in servers]) for name, total, servers in shown if servers]
    return Listed(groups, takings.untaken_incidents)


def _shown(found: Places, view: View, clock: Clock) -> list[tuple[str, int, list[int]]]:
    """Name, size and shown servers of each group; a place that the page does not reach is not even sorted."""
    ordered = by_need(found, reached_by(view, list(map(len, found))), clock)
    return [
        (name, sum(len(found[place]) for place in places), [pk for place in places for pk in ordered.get(place, ())])
        for name, places in _GROUPS
    ]
