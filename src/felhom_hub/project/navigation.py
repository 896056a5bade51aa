"""The entries of the main navigation, in order; each with the tabs of its pages.

A page that exists from now on is one line here: an entry, or a tab of one. What a page
owns are the beginnings of paths, with `*` for any one part; where several fit, the longest counts.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


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
    """`key` opens it after `g`; the entry is current on its own path, below each of `owns`, and on its tabs' pages."""

    label: str
    path: str
    icon: str
    key: str
    owns: tuple[str, ...] = ()
    tabs: tuple[Tab, ...] = ()

    def fit(self, path: str) -> int:
        """How closely the page at `path` belongs to this entry; 0 is "not at all"."""
        return max(_fit(path, self.path, self.owns), *(tab.fit(path) for tab in self.tabs), 0)


def _fit(path: str, own: str, owns: tuple[str, ...]) -> int:
    if path == own:
        return len(path)
    return max((len(each) for each in owns if re.match(re.escape(each).replace(r"\*", "[^/]+"), path)), default=0)


SETTINGS_TABS = (
    Tab("Hub", "/configuration", owns=("/configuration/",)),
    Tab("Audit", "/audit"),
    Tab("First steps", "/setup"),
)
EVENTS_TABS = (
    Tab("Events", "/events", owns=("/incidents/", "/why/")),
    Tab("Notifications", "/notifications", owns=("/notifications/",)),
    Tab("Silences", "/silences"),
    Tab("Mail texts", "/mail-preview", owns=("/mail-preview/",)),
)
ENTRIES = (
    Entry("Fleet", "/", "fleet", "f", owns=("/customers/",)),
    Entry("Events", "/events", "bell", "e", owns=("/incidents/", "/why/"), tabs=EVENTS_TABS),
    Entry("Customers", "/configs", "people", "c", owns=("/configs/", "/customers/*/delete")),
    Entry("Apps", "/apps", "grid", "a", owns=("/apps/",)),
    Entry("Settings", "/configuration", "cog", "s", tabs=SETTINGS_TABS),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The entries for the frame, each with whether it is the current one, and the tabs of the current one."""
    path = request.path
    nearest = max(ENTRIES, key=lambda entry: entry.fit(path))
    current = nearest if nearest.fit(path) else None
    return {
        "navigation": [(entry, entry is current) for entry in ENTRIES],
        "tabs_label": current.label if current else "",
        "tabs": [(tab, tab.fit(path) > 0) for tab in current.tabs] if current else [],
    }
