"""What the overview shows, as its address says it: status, problem, text, order, page. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from felhom_hub.reports.status import Status

E = TypeVar("E", bound=StrEnum)

MAX_TEXT = 100  # longest text that is searched for
SHOWN_STATUSES = (Status.DOWN, Status.WARN, Status.PENDING, Status.DISABLED, Status.OK)


class Problem(StrEnum):
    """What a fact's link narrows the list to."""

    SILENT = "silent"
    NO_BACKUP = "no-backup"


class Column(StrEnum):
    """What the list can be sorted by."""

    CUSTOMER = "customer"
    REPORT = "report"
    CPU = "cpu"
    MEMORY = "memory"
    DISK = "disk"
    TEMPERATURE = "temperature"
    BACKUP = "backup"
    CONTROLLER = "controller"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the fleet; without `sort` the list is in groups, worst first."""

    status: Status | None = None
    problem: Problem | None = None
    text: str = ""
    sort: Column | None = None
    is_reversed: bool = False
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """True when some servers are left out."""
        return self.status is not None or self.problem is not None or self.text != ""

    @property
    def query(self) -> str:
        """The query string, empty for the plain overview."""
        sort = f"{'-' if self.is_reversed else ''}{self.sort}" if self.sort else ""
        members = {
            "status": self.status.lower() if self.status else "",
            "show": self.problem or "",
            "q": self.text,
            "sort": sort,
            "page": str(self.page) if self.page > 1 else "",
        }
        return urlencode({name: value for name, value in members.items() if value})

    @property
    def path(self) -> str:
        """The address of this view."""
        return f"/?{self.query}" if self.query else "/"


def view_of(query: Mapping[str, str]) -> View:
    """The view that an address asks for; what it says wrongly is left out, as old bookmarks may."""
    sort = query.get("sort", "")
    page = query.get("page", "")
    column = _member(Column, sort.removeprefix("-"))
    status = _member(Status, query.get("status", "").upper())
    return View(
        status=status if status in SHOWN_STATUSES else None,
        problem=_member(Problem, query.get("show", "")),
        text=" ".join(query.get("q", "").replace("\x00", "").split())[:MAX_TEXT],
        sort=column,
        is_reversed=column is not None and sort.startswith("-"),
        page=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < len("1000000") else 1,
    )


def _member(kind: type[E], value: str) -> E | None:
    try:
        return kind(value)
    except ValueError:
        return None
