"""The page of the fleet's recovery: who could not be rebuilt if it died now, the worst first, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from felhom_hub.base.tolerant import as_line
from felhom_hub.fleet.address import MAX_TEXT
from felhom_hub.fleet.facts import Fact
from felhom_hub.fleet.proportion import Share, parts_of
from felhom_hub.recovery.check_queries import Counts, Lately, Row, changed_lately, fleet_counts, row_of, rows_of
from felhom_hub.recovery.checks import BACKUP, OPENS, QUESTIONS, Verdict
from felhom_hub.recovery.drill_queries import FleetDrills, fleet_drills, last_drill, last_drills_of
from felhom_hub.recovery.drill_words import DrillShown, shown
from felhom_hub.recovery.fetches import Fetch, newest_fetches
from felhom_hub.recovery.prove import AT, RANKS

PAGE_ROWS: Final = 100
_FETCHED_WITHIN: Final = timedelta(days=30)
_MAX_FETCHES: Final = 8
_LONGEST_PAGE: Final = 6


class Show(StrEnum):
    """What a chip narrows the list to."""

    NO = "no"
    GAPS = "gaps"
    YES = "yes"
    NEVER_DRILLED = "never-drilled"


_RANK: Final = {Show.NO: RANKS[Verdict.NO], Show.GAPS: RANKS[Verdict.WITH_GAPS], Show.YES: RANKS[Verdict.YES]}


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the list, as its address says it."""

    show: Show | None = None
    text: str = ""
    page: int = 1

    @property
    def path(self) -> str:
        """The address of this view."""
        members = {"show": self.show or "", "q": self.text, "page": str(self.page) if self.page > 1 else ""}
        query = urlencode({name: value for name, value in members.items() if value})
        return f"/recovery?{query}" if query else "/recovery"


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with its count, tone and mark."""

    word: str
    count: int
    tone: str
    mark: str
    path: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Meter:
    """One of the facts beside the headline; its link narrows the list to those who lack it, where there is one."""

    label: str
    fact: Fact
    missing_words: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """All that the page prints."""

    view: View
    counts: Counts
    chips: Sequence[Chip]
    shares: Sequence[Share]
    lately: Lately
    meters: Sequence[Meter]
    rows: Sequence[tuple[Row, datetime | None]]  # with when each was drilled last
    found: int
    first: int
    last: int
    pages: int
    fetches: Sequence[Fetch]
    drill: DrillShown | None
    questions: Sequence[str] = QUESTIONS
    checked_at: str = f"{AT:%H:%M}"

    @property
    def lost(self) -> int:
        """How many servers cannot be rebuilt."""
        return self.counts.verdicts[Verdict.NO]

    @property
    def everything_path(self) -> str:
        """The address of the whole list."""
        return "/recovery"

    @property
    def previous_path(self) -> str:
        """The address of the page before; empty on the first."""
        return replace(self.view, page=self.view.page - 1).path if self.view.page > 1 else ""

    @property
    def next_path(self) -> str:
        """The address of the page behind; empty on the last."""
        return replace(self.view, page=self.view.page + 1).path if self.view.page < self.pages else ""


def view_of(query: Mapping[str, str]) -> View:
    """The view that an address asks for; what it says wrongly is left out."""
    show, page = query.get("show", ""), query.get("page", "")
    return View(
        show=Show(show) if show in set(Show) else None,
        text=as_line(query.get("q", ""), MAX_TEXT),
        page=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) <= _LONGEST_PAGE else 1,
    )


def recovery_page(view: View, *, now: datetime) -> RecoveryPage:
    """The page as `view` asks for it, with at most PAGE_ROWS rows; so many queries, whatever the fleet's size."""
    counts, drills, newest = fleet_counts(now), fleet_drills(now), last_drill()
    found = rows_of(
        rank=None if view.show is None else _RANK.get(view.show),
        text=view.text,
        never_drilled=view.show is Show.NEVER_DRILLED,
    )
    count = found.count()
    pages = max(1, -(-count // PAGE_ROWS))
    view = replace(view, page=min(view.page, pages))
    start = (view.page - 1) * PAGE_ROWS
    rows = [row_of(row) for row in found[start : start + PAGE_ROWS]]
    drilled = last_drills_of([row.pk for row in rows])
    return RecoveryPage(
        view=view,
        counts=counts,
        chips=_chips(view, counts, drills),
        shares=parts_of(*((tone, counts.verdicts[verdict]) for verdict, tone in _TONES.items())),
        lately=changed_lately(now),
        meters=_meters(counts, drills),
        rows=[(row, drilled.get(row.pk)) for row in rows],
        found=count,
        first=start + 1,
        last=start + len(rows),
        pages=pages,
        fetches=newest_fetches(now - _FETCHED_WITHIN, limit=_MAX_FETCHES),
        drill=None if newest is None else shown(newest),
    )


_TONES: Final = {Verdict.NO: "down", Verdict.WITH_GAPS: "warn", Verdict.YES: "ok"}
_WORDS: Final = {Show.NO: "Cannot be rebuilt", Show.GAPS: "With a gap", Show.YES: "Can be rebuilt"}


def _chips(view: View, counts: Counts, drills: FleetDrills) -> list[Chip]:
    chips = [
        Chip(
            _WORDS[show],
            counts.verdicts[verdict],
            tone,
            tone,
            replace(view, show=show, page=1).path,
            view.show is show,
        )
        for (show, verdict), tone in zip(zip(_WORDS, _TONES, strict=True), _TONES.values(), strict=True)
    ]
    path = replace(view, show=Show.NEVER_DRILLED, page=1).path
    never = Chip("Never drilled", drills.never, "idle", "pending", path, view.show is Show.NEVER_DRILLED)
    return [*chips, never]


def _meters(counts: Counts, drills: FleetDrills) -> list[Meter]:
    total = counts.total
    opened, backed = counts.passed[OPENS], counts.passed[BACKUP]
    of_late = drills.passed + drills.gaps + drills.failed
    return [
        Meter("Snapshot whole", Fact(opened, total, total - opened), "with a gap"),
        Meter("App backup of last night", Fact(backed, total, total - backed), "missing"),
        Meter(
            "Checked in the last 24 h",
            Fact(counts.checked_lately, total, total - counts.checked_lately),
            "not checked",
        ),
        Meter(
            "Drills passed, last 90 d",
            Fact(drills.passed, of_late, drills.never),
            "never drilled",
            View(show=Show.NEVER_DRILLED).path,
        ),
    ]
