"""What the page of the fleet's events shows, as its address says it: what, when, and how many. Asks no database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from felhom_hub.base.tolerant import as_line
from felhom_hub.events.catalogue import CATALOGUE, TYPE_FORM
from felhom_hub.events.categories import CATEGORIES
from felhom_hub.events.fleet_events import Wanted
from felhom_hub.fleet.address import MAX_TEXT
from felhom_hub.fleet.event_list import View, members_of, query_of, view_of

PERIODS: Mapping[str, timedelta] = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "90d": timedelta(days=90),
}
DEFAULT_PERIOD = "24h"
UNCATALOGUED = "uncatalogued"
_PERIOD_WORDS = {"24h": "24 h", "7d": "7 d", "90d": "90 d"}


@dataclass(frozen=True, slots=True)
class EventsView(View):
    """One way to look at the fleet's events; `kind` is a type, a category, or UNCATALOGUED."""

    text: str = ""
    kind: str = ""
    period: str = DEFAULT_PERIOD

    @property
    def query(self) -> str:
        """The view as it stands in an address, with its question mark."""
        period = "" if self.period == DEFAULT_PERIOD else self.period
        return query_of({"q": self.text, "type": self.kind, "period": period, **members_of(self)})

    @property
    def path(self) -> str:
        """The address of the view."""
        return f"/events{self.query}"

    @property
    def is_narrowed(self) -> bool:
        """True where something beside the period leaves events out."""
        return bool(self.text or self.kind or self.severity)

    @property
    def period_words(self) -> str:
        """The period as it is printed: "24 h"."""
        return _PERIOD_WORDS[self.period]

    def first_page(self, **changes: str) -> "EventsView":
        """The view with the changes, from its newest event on."""
        plain = EventsView(self.severity, text=self.text, kind=self.kind, period=self.period)
        return replace(plain, **changes)  # type: ignore[arg-type]  # its own names, all of them texts


@dataclass(frozen=True, slots=True)
class Option:
    """An entry of the list of types."""

    value: str
    label: str
    is_chosen: bool


def events_view(written: Mapping[str, str]) -> EventsView:
    """What an address says; whatever cannot be is left out."""
    plain = view_of(written)
    kind, period = written.get("type", ""), written.get("period", "")
    is_kind = kind == UNCATALOGUED or kind in CATEGORIES or TYPE_FORM.fullmatch(kind)
    return EventsView(
        plain.severity,
        plain.shown,
        plain.before,
        text=as_line(written.get("q", ""), MAX_TEXT),
        kind=kind if is_kind else "",
        period=period if period in PERIODS else DEFAULT_PERIOD,
    )


def wanted_of(
    view: EventsView,
    named: tuple[Collection[int], Collection[str]] | None,
    *,
    uncatalogued: Collection[str] = (),
    now: datetime,
) -> Wanted:
    """The events that the view asks for; `named` are the customers and types that its text means.

    `uncatalogued` are the types that there are beside the catalogue's, for a view that asks for those.
    """
    return Wanted(
        since=now - PERIODS[view.period],
        severity=view.severity,
        types=uncatalogued if view.kind == UNCATALOGUED else _types_of(view.kind),
        named=named,
    )


def periods_of(view: EventsView) -> list[Option]:
    """The periods, each with its address."""
    return [
        Option(view.first_page(period=period).path, words, period == view.period)
        for period, words in _PERIOD_WORDS.items()
    ]


def options_of(view: EventsView) -> list[tuple[str, list[Option]]]:
    """The types by category, each category first; a type that is in no catalogue stands beside "Uncatalogued"."""
    groups = []
    for category, label in CATEGORIES.items():
        types = [each for each in CATALOGUE.values() if each.category == category]
        whole = [Option(category, f"{label}, all types", view.kind == category)] if len(types) > 1 else []
        groups.append((label, [*whole, *(Option(each.name, each.label, view.kind == each.name) for each in types)]))
    others = [Option(UNCATALOGUED, "All uncatalogued types", view.kind == UNCATALOGUED)]
    if view.kind and view.kind not in {*CATALOGUE, *CATEGORIES, UNCATALOGUED}:
        others.append(Option(view.kind, view.kind, is_chosen=True))
    return [*groups, ("Uncatalogued", others)]


def _types_of(kind: str) -> Collection[str] | None:
    if not kind:
        return None
    if kind in CATALOGUE or kind not in CATEGORIES:
        return (kind,)
    return tuple(each.name for each in CATALOGUE.values() if each.category == kind)
