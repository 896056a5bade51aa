"""What the apps' pages show, as their addresses say it: period, text, order, how much. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from felhom_hub.base.tolerant import as_line
from felhom_hub.telemetry.periods import DEFAULT, Period, period_of

MAX_TEXT = 100  # longest text that is searched for
APP_COLUMNS = ("app", "installed", "average", "p95", "limit", "verdict", "issues")
BOX_COLUMNS = ("customer", "average", "p95", "peak", "errors", "warnings")


@dataclass(frozen=True, slots=True)
class AppsView:
    """One way to look at all apps; without `sort` those that need a change come first."""

    period: Period = DEFAULT
    text: str = ""
    needs_change: bool = False
    sort: str = ""
    is_reversed: bool = False
    shows_all: bool = False

    @property
    def is_narrowed(self) -> bool:
        """True when some apps are left out."""
        return self.needs_change or self.text != ""

    @property
    def path(self) -> str:
        """The address of this view."""
        return with_query(
            "/apps",
            {
                "period": self.period.key if self.period is not DEFAULT else "",
                "q": self.text,
                "show": "change" if self.needs_change else "",
                "sort": signed(self.sort, is_reversed=self.is_reversed),
                "all": "1" if self.shows_all else "",
            },
        )


@dataclass(frozen=True, slots=True)
class AppView:
    """One way to look at one app; without `sort` the box with the highest P95 comes first."""

    name: str
    period: Period = DEFAULT
    sort: str = ""
    is_reversed: bool = False
    shows_all: bool = False

    @property
    def path(self) -> str:
        """The address of this view."""
        return app_path(
            self.name,
            {
                "period": self.period.key if self.period is not DEFAULT else "",
                "sort": signed(self.sort, is_reversed=self.is_reversed),
                "all": "1" if self.shows_all else "",
            },
        )


def apps_view(query: Mapping[str, str]) -> AppsView:
    """The view that an address asks for; what it says wrongly is left out."""
    sort, is_reversed = _sort_of(query, APP_COLUMNS)
    text = as_line(query.get("q", ""), MAX_TEXT)
    return AppsView(
        period_of(query.get("period", "")),
        text,
        query.get("show") == "change",
        sort,
        is_reversed,
        query.get("all") == "1",
    )


def app_view(name: str, query: Mapping[str, str]) -> AppView:
    """Likewise for one app; a name in the query stands for one that a path cannot hold."""
    sort, is_reversed = _sort_of(query, BOX_COLUMNS)
    period = period_of(query.get("period", ""))
    return AppView(query.get("name") or name, period, sort, is_reversed, query.get("all") == "1")


def app_path(name: str, query: Mapping[str, str] | None = None) -> str:
    """The address of an app's page, whatever the box named it.

    Browsers take `.` and `..` out of a path and join doubled slashes, encoded or not; such a name goes into the query.
    """
    is_plain = name.isprintable() and not {"", ".", ".."} & set(name.replace("\\", "/").split("/"))
    if is_plain:
        return with_query(f"/apps/{quote(name, safe='')}", query or {})
    return with_query("/apps/-", {"name": name, **(query or {})})


def with_query(path: str, members: Mapping[str, str]) -> str:
    """The path with those members that say something."""
    query = urlencode({name: value for name, value in members.items() if value})
    return f"{path}?{query}" if query else path


def signed(sort: str, *, is_reversed: bool) -> str:
    """The column as the address names it."""
    return f"-{sort}" if sort and is_reversed else sort


def _sort_of(query: Mapping[str, str], columns: tuple[str, ...]) -> tuple[str, bool]:
    sort = query.get("sort", "")
    column = sort.removeprefix("-")
    return (column, sort.startswith("-")) if column in columns else ("", False)
