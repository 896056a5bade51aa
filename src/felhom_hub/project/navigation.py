"""The entries of the main navigation, in order; a page that exists from now on is one line here."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Entry:
    """`key` opens it after `g`; the entry is current on its own path and below each of `owns`."""

    label: str
    path: str
    icon: str
    key: str
    owns: tuple[str, ...] = ()

    def is_current(self, path: str) -> bool:
        """True when the page at `path` belongs to this entry."""
        return path == self.path or path.startswith(self.owns)


ENTRIES = (Entry("Fleet", "/", "fleet", "f", owns=("/customers/",)),)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The entries for the frame, each with whether it is the current one."""
    return {"navigation": [(entry, entry.is_current(request.path)) for entry in ENTRIES]}
