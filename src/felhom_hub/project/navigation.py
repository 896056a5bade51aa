"""The entries of the main navigation, in order; each with the tabs of its pages, and what is counted beside them.

A page that exists from now on is one line here: an entry, or a tab of one. What a page
owns are the beginnings of paths, with `*` for any one part; where several fit, the longest counts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest

from felhom_hub.base.badges import Badge
from felhom_hub.base.instants import utc_now
from felhom_hub.fleet.badges import navigation_badges
from felhom_hub.silences.badge import asked_silences_badge


@dataclass(frozen=True)
class Tab:
    """A page of an entry; current on its own path and below each of `owns`."""

    label: str
    path: str
    owns: tuple[str, ...] = ()

    def fit(self, path: str) -> int:
        """How closely the page at `path` belongs to this tab; 0 is "not at all"."""
        return _fit(path, self.path, self.owns)


@dataclass(frozen=True)
class Entry:
    """`key` opens it after `g`; the entry is current on its own path, below each of `owns`, and on its tabs' pages.

    `tab_badge` counts what stands beside one of its tabs.
    """

    label: str
    path: str
    icon: str
    key: str
    owns: tuple[str, ...] = ()
    tabs: tuple[Tab, ...] = ()
    tab_badge: Callable[[datetime], Badge | None] | None = None

    def fit(self, path: str) -> int:
        """How closely the page at `path` belongs to this entry; 0 is "not at all"."""
        return max(_fit(path, self.path, self.owns), *(tab.fit(path) for tab in self.tabs), 0)


def _fit(path: str, own: str, owns: tuple[str, ...]) -> int:
    if path == own:
        return len(path)
    return max((len(each) for each in owns if re.match(re.escape(each).replace(r"\*", "[^/]+"), path)), default=0)


SETTINGS_TABS = (
    Tab("Hub", "/configuration", owns=("/configuration/", "/assets")),
    Tab("Audit", "/audit"),
    Tab("API", "/api"),
    Tab("First steps", "/setup"),
)
EVENTS_TABS = (
    Tab("Events", "/events", owns=("/incidents/", "/why/")),
    Tab("Notifications", "/notifications", owns=("/notifications/",)),
    Tab("Silences", "/silences", owns=("/silences/",)),
    Tab("Mail texts", "/mail-preview", owns=("/mail-preview/",)),
)
ENTRIES = (
    Entry("Fleet", "/", "fleet", "f", owns=("/customers/",)),
    Entry(
        "Events",
        "/events",
        "bell",
        "e",
        owns=("/incidents/", "/why/"),
        tabs=EVENTS_TABS,
        tab_badge=asked_silences_badge,
    ),
    Entry("Customers", "/configs", "people", "c", owns=("/configs/", "/customers/*/delete")),
    Entry("Apps", "/apps", "grid", "a", owns=("/apps/",)),
    Entry("Recovery", "/recovery", "shield", "r"),
    Entry("Settings", "/configuration", "cog", "s", tabs=SETTINGS_TABS),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The entries for the frame, each with whether it is the current one, and the tabs of the current one.

    `badges` and `tab_badge` are asked for when the navigation and the tabs are printed; a page that knows them already
    has a value of that name.
    """
    path = request.path
    nearest = max(ENTRIES, key=lambda entry: entry.fit(path))
    current = nearest if nearest.fit(path) else None
    return {
        "navigation": [(entry, entry is current) for entry in ENTRIES],
        "badges": navigation_badges,
        "tab_badge": _tab_badge(current, request),
        "tabs_label": current.label if current else "",
        "tabs": [(tab, tab.fit(path) > 0) for tab in current.tabs] if current else [],
    }


def _tab_badge(current: Entry | None, request: HttpRequest) -> Callable[[], Badge | None] | None:
    if current is None or current.tab_badge is None:
        return None
    return partial(current.tab_badge, getattr(request, "now", None) or utc_now())
