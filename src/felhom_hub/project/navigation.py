"""The entries of the main navigation, in order; each with the tabs of its pages.

A page that exists from now on is one line here: an entry, or a tab of one.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Tab:
    """A page of an entry; current on its own path and below each of `owns`."""

    label: str
    path: str
    owns: tuple[str, ...] = ()

    def is_current(self, path: str) -> bool:
        """True when the page at `path` belongs to this tab."""
        return path == self.path or path.startswith(self.owns)


@dataclass(frozen=True)
class Entry:
    """`key` opens it after `g`; the entry is current on its own path, below each of `owns`, and on its tabs' pages."""

    label: str
    path: str
    icon: str
    key: str
    owns: tuple[str, ...] = ()
    tabs: tuple[Tab, ...] = ()

    def is_current(self, path: str) -> bool:
        """True when the page at `path` belongs to this entry."""
        return path == self.path or path.startswith(self.owns) or any(tab.is_current(path) for tab in self.tabs)


SETTINGS_TABS = (
    Tab("Hub", "/configuration", owns=("/configuration/",)),
    Tab("Audit", "/audit"),
    Tab("First steps", "/setup"),
)
ENTRIES = (
    Entry("Fleet", "/", "fleet", "f", owns=("/customers/",)),
    Entry("Customers", "/configs", "people", "c", tabs=(Tab("List", "/configs", owns=("/configs/",)),)),
    Entry("Apps", "/apps", "grid", "a", owns=("/apps/",)),
    Entry("Settings", "/configuration", "cog", "s", tabs=SETTINGS_TABS),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The entries for the frame, each with whether it is the current one, and the tabs of the current one."""
    path = request.path
    current = next((entry for entry in ENTRIES if entry.is_current(path)), None)
    return {
        "navigation": [(entry, entry is current) for entry in ENTRIES],
        "tabs_label": current.label if current else "",
        "tabs": [(tab, tab.is_current(path)) for tab in current.tabs] if current else [],
    }
