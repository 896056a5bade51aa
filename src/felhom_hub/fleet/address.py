"""What the overview shows, as its address says it: status, problem, text, order, columns, page. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from felhom_hub.base.tolerant import as_line
from felhom_hub.fleet.columns import CHOOSABLE, Column, columns_of, columns_word
from felhom_hub.reports.status import Status

E = TypeVar("E", bound=StrEnum)

MAX_TEXT = 100  # longest text that is searched for
SHOWN_STATUSES = (Status.DOWN, Status.WARN, Status.PENDING, Status.DISABLED, Status.OK)


class Problem(StrEnum):
    """What a link of the summary narrows the list to."""

    SILENT = "silent"
    NO_BACKUP = "no-backup"
    CHANGED = "changed"
    UPDATE = "update"
    CONFIG = "config"
    UNRECOVERABLE = "unrecoverable"


# Of these a list of servers is kept; what is told of every kind is in `roster.Kind`.
LISTED_PROBLEMS = (Problem.CHANGED, Problem.UPDATE)


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the fleet; without `sort` the list is in groups, worst first."""

    status: Status | None = None
    problem: Problem | None = None
    text: str = ""
    sort: Column | None = None
    is_reversed: bool = False
    columns: tuple[Column, ...] = CHOOSABLE
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """True when some servers are left out."""
        return self.status is not None or self.problem is not None or self.text != ""

    @property
    def asks_of_each(self) -> bool:
        """True when it takes a look at every server to tell which are on the page: more than a status is asked for."""
        return self.sort is not None or self.problem is not None or self.text != ""

    @property
    def members(self) -> dict[str, str]:
        """What the address says, by name; what is as usual is left out."""
        sort = f"{'-' if self.is_reversed else ''}{self.sort}" if self.sort else ""
        members = {
            "status": self.status.lower() if self.status else "",
            "show": self.problem or "",
            "q": self.text,
            "sort": sort,
            "cols": "" if self.columns == CHOOSABLE else columns_word(self.columns),
            "page": str(self.page) if self.page > 1 else "",
        }
        return {name: value for name, value in members.items() if value}

    @property
    def query(self) -> str:
        """The query string, empty for the plain overview."""
        return urlencode(self.members, safe=",")

    @property
    def path(self) -> str:
        """The address of this view."""
        return f"/?{self.query}" if self.query else "/"

    def kept_without(self, *names: str) -> list[tuple[str, str]]:
        """What a form that asks for `names` has to carry along; a new question begins on the first page."""
        return [(name, value) for name, value in self.members.items() if name not in {*names, "page"}]


def view_of(query: Mapping[str, Sequence[str]], *, remembered: Iterable[str] = ()) -> View:
    """The view that an address asks for; what it says wrongly is left out, as old bookmarks may.

    Where it says nothing of columns, the `remembered` ones are shown.
    """

    def last(name: str) -> str:
        values = query.get(name)
        return values[-1] if values else ""

    sort, page = last("sort"), last("page")
    column = _member(Column, sort.removeprefix("-"))
    status = _member(Status, last("status").upper())
    columns = columns_of(query.get("cols", ()))
    if columns is None:
        columns = columns_of(remembered)
    return View(
        status=status if status in SHOWN_STATUSES else None,
        problem=_member(Problem, last("show")),
        text=as_line(last("q"), MAX_TEXT),
        sort=column,
        is_reversed=column is not None and sort.startswith("-"),
        columns=CHOOSABLE if columns is None else columns,
        page=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < len("1000000") else 1,
    )


def _member(kind: type[E], value: str) -> E | None:
    try:
        return kind(value)
    except ValueError:
        return None
