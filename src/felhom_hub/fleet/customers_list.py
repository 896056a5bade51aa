"""The list of customers at `/configs`: everybody by name, the blocked last, a page at a time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlencode

from felhom_hub.base.folding import folded
from felhom_hub.base.tolerant import as_line
from felhom_hub.controllers.releases import offer_now
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.address import MAX_TEXT
from felhom_hub.fleet.order import sort_name
from felhom_hub.reports.summary import Summary, summaries

PAGE_ROWS = 100


class Kind(StrEnum):
    """What a chip narrows the list to."""

    MANAGED = "managed"
    MANUAL = "manual"
    PENDING = "pending"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class ListView:
    """One way to look at the list, as its address says it."""

    kind: Kind | None = None
    text: str = ""
    page: int = 1
    is_reversed: bool = False

    @property
    def path(self) -> str:
        """The address of this view."""
        members = {
            "show": self.kind or "",
            "q": self.text,
            "sort": "-customer" if self.is_reversed else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        query = urlencode({name: value for name, value in members.items() if value})
        return f"/configs?{query}" if query else "/configs"


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with its count."""

    word: str
    count: int
    path: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """All that the page prints; `counts` are those of everybody."""

    view: ListView
    counts: Mapping[str, int]
    chips: list[Chip]
    total: int
    found: int
    first: int
    last: int
    pages: int
    previous_path: str
    next_path: str
    turned_path: str
    rows: list[Summary]
    newest: str  # the newest release of the controller; empty where none is known
    behind: frozenset[str]  # the versions of the shown rows that come before it


class _Known(NamedTuple):
    pk: int
    customer_id: str
    name: str
    is_managed: bool
    blocked_at: object
    node: int | None

    def kinds(self) -> set[Kind]:
        """The chips that show this customer."""
        if self.blocked_at is not None:
            return {Kind.BLOCKED}
        found = {Kind.MANAGED if self.is_managed else Kind.MANUAL}
        return found if self.node is not None else found | {Kind.PENDING}


def list_view_of(query: Mapping[str, str]) -> ListView:
    """The view that an address asks for; what it says wrongly is left out."""
    kind, page = query.get("show", ""), query.get("page", "")
    return ListView(
        kind=Kind(kind) if kind in set(Kind) else None,
        text=as_line(query.get("q", ""), MAX_TEXT),
        page=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < len("1000000") else 1,
        is_reversed=query.get("sort", "") == "-customer",
    )


def listing(view: ListView, *, now: datetime) -> Listing:
    """The list as `view` asks for it, with at most PAGE_ROWS rows; three queries, however many customers there are."""
    # As little of each as sorting and counting need: no database orders Hungarian names by itself.
    columns = ("pk", "customer_id", "name", "is_managed", "blocked_at", "node__pk")
    everybody = [_Known(*row) for row in Customer.objects.order_by().values_list(*columns)]
    counts = Counter(kind for known in everybody for kind in known.kinds())
    wanted = folded(view.text)
    found = [
        known
        for known in everybody
        if (view.kind is None or view.kind in known.kinds())
        and (not wanted or wanted in sort_name(known.name) or wanted in sort_name(known.customer_id))
    ]
    found.sort(key=lambda known: sort_name(known.name or known.customer_id), reverse=view.is_reversed)
    found.sort(key=lambda known: known.blocked_at is not None)
    pages = max(1, -(-len(found) // PAGE_ROWS))
    view = replace(view, page=min(view.page, pages))
    start = (view.page - 1) * PAGE_ROWS
    shown = [known.pk for known in found[start : start + PAGE_ROWS]]
    rows = {summary.pk: summary for summary in summaries(Customer.objects.filter(pk__in=shown), now=now)}
    offer = offer_now()
    running = {row.node.controller_version for row in rows.values() if row.node and row.node.controller_version}
    chips = [Chip("All", len(everybody), replace(view, kind=None, page=1).path, view.kind is None)]
    chips += [
        Chip(kind.capitalize(), counts[kind], replace(view, kind=kind, page=1).path, view.kind is kind) for kind in Kind
    ]
    return Listing(
        view=view,
        counts={kind.value: counts[kind] for kind in Kind},
        chips=chips,
        total=len(everybody),
        found=len(found),
        first=start + 1,
        last=start + len(shown),
        pages=pages,
        previous_path=replace(view, page=view.page - 1).path if view.page > 1 else "",
        next_path=replace(view, page=view.page + 1).path if view.page < pages else "",
        turned_path=replace(view, is_reversed=not view.is_reversed, page=1).path,
        # A customer that was deleted between the two queries has no row.
        rows=[rows[pk] for pk in shown if pk in rows],
        newest=offer.newest,
        behind=frozenset(filter(offer.is_behind, running)),
    )
