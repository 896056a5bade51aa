"""Which events a page shows, and its links: a severity, how many, and before which. Pure.

All of it stands in the address, so that a refresh keeps what was asked for, and it works without scripts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urlencode

from felhom_hub.base.keyset import Cursor, cursor_words, read_cursor
from felhom_hub.base.words import count_words, number_words
from felhom_hub.events.catalogue import SEVERITIES, Severity

STEP = 50
MOST = 500  # at once; what is older has pages of its own
COUNTED = 1000  # no more are counted for the links, however many are kept
_LABELS: Mapping[Severity, tuple[str, str]] = {
    "error": ("Errors", "down"),
    "warning": ("Warnings", "warn"),
    "info": ("Info", "info"),
}

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class View:
    """What an address asks for."""

    severity: Severity | None = None
    shown: int = STEP
    before: Cursor | None = None

    @property
    def is_plain(self) -> bool:
        """True where the address asks for nothing."""
        return self == View()

    @property
    def query(self) -> str:
        """The view as it stands in an address, with its question mark."""
        return query_of(members_of(self))


@dataclass(frozen=True, slots=True)
class Choice:
    """A link of the filter with how many it leads to; `tone` is its mark."""

    word: str
    count: str
    tone: str
    query: str
    is_current: bool


def members_of(view: View) -> dict[str, str]:
    """What the address says of it, by name; empty where it says nothing."""
    return {
        "severity": view.severity or "",
        "events": "" if view.shown == STEP else str(view.shown),
        "before": cursor_words(view.before),
    }


def query_of(members: Mapping[str, str]) -> str:
    """What an address says, with its question mark; nothing where all of it is empty."""
    query = urlencode({name: value for name, value in members.items() if value})
    return f"?{query}" if query else ""


def view_of(written: Mapping[str, str]) -> View:
    """What an address says; whatever cannot be is left out."""
    number = written.get("events", "")
    shown = int(number) if number.isascii() and number.isdecimal() and len(number) <= len(str(MOST)) else STEP
    return View(
        severity=next((each for each in SEVERITIES if each == written.get("severity")), None),
        shown=min(max(-(-shown // STEP) * STEP, STEP), MOST),
        before=read_cursor(written.get("before", "")),
    )


def choices_of(view: View, counts: Mapping[str, int]) -> list[Choice]:
    """All, and each severity, with how many there are."""
    total = sum(counts.values())
    more = "+" if total >= COUNTED else ""
    kinds: list[tuple[Severity | None, str, str, int]] = [(None, "All", "", total)]
    kinds += [(each, word, tone, counts.get(each, 0)) for each, (word, tone) in _LABELS.items()]
    return [
        Choice(word, f"{number_words(count)}{more}", tone, _narrowed(view, severity), view.severity == severity)
        for severity, word, tone, count in kinds
    ]


def _narrowed(view: View, severity: Severity | None) -> str:
    return replace(view, severity=severity, shown=STEP, before=None).query


def more_of(view: View, last: Cursor, *, has_more: bool) -> tuple[str, str] | None:
    """The words and query of the link below the list; None where nothing is older than the `last` one shown."""
    if not has_more:
        return None
    if view.shown < MOST:
        return f"Show {STEP} more", replace(view, shown=view.shown + STEP).query
    return "Older events", replace(view, shown=STEP, before=last).query


def events_summary(view: View, *, errors: int, warnings: int) -> str:
    """What the list holds, and the last day's counts."""
    words = "no error or warning"
    if errors or warnings:
        words = f"{count_words(errors, 'error')} and {count_words(warnings, 'warning')}"
    return f"{'an older page' if view.before else f'newest {view.shown}'}, {words} in 24 h"


def without_rest(items: Sequence[Item], view: View) -> tuple[Sequence[Item], bool]:
    """The items to show, of which one more than those was asked for, and whether there are more."""
    return items[: view.shown], len(items) > view.shown
