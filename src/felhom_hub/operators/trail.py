"""The audit as it is read: filtered by what the address says, a page at a time, newest first, or whole as CSV."""

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from felhom_hub.base.instants import rfc3339
from felhom_hub.base.keyset import Cursor, cursor_words, read_cursor
from felhom_hub.base.tolerant import as_text
from felhom_hub.operators.actions import ACTIONS, ActionKind, action_words, actions_like, actions_of
from felhom_hub.operators.formulas import safe_cell
from felhom_hub.operators.models import AuditEntry

PERIODS: Mapping[str, timedelta | None] = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "90d": timedelta(days=90),
    "all": None,
}
DEFAULT_PERIOD = "90d"
PAGE_ROWS = 50
_MAX_TEXT = 128
_CHUNK_ROWS = 1000
CSV_HEADER = ("time", "who", "action", "what", "customer", "detail", "from")
# Excel reads UTF-8 only where the file says so; every other reader knows the mark.
CSV_MARK = "\ufeff"


@dataclass(frozen=True)
class View:
    """What the address asks for; empty texts ask for nothing. `before` is where the page begins."""

    text: str = ""
    kind: ActionKind | None = None
    customer: str = ""
    person: str = ""
    action: str = ""
    period: str = DEFAULT_PERIOD
    before: Cursor | None = None

    @property
    def is_narrowed(self) -> bool:
        """True when something beside the period narrows the list."""
        return any((self.text, self.kind, self.customer, self.person, self.action))

    def query(self, **changes: object) -> str:
        """The address of this view with the changes, from its first page on."""
        return replace(self, before=None, **changes)._written()  # type: ignore[arg-type]  # View's own names and types

    def older_query(self, before: Cursor) -> str:
        """The address of the page that begins there."""
        return replace(self, before=before)._written()

    def _written(self) -> str:
        wanted = {
            "q": self.text,
            "kind": self.kind or "",
            "customer": self.customer,
            "person": self.person,
            "action": self.action,
            "period": "" if self.period == DEFAULT_PERIOD else self.period,
            "before": cursor_words(self.before),
        }
        return urlencode({name: value for name, value in wanted.items() if value})


def view_of(written: Mapping[str, str]) -> View:
    """What an address says; whatever cannot be is left out."""
    kind, period, action = written.get("kind", ""), written.get("period", ""), written.get("action", "")
    return View(
        text=_clean(written.get("q", "")),
        kind=ActionKind(kind) if kind in set(ActionKind) else None,
        customer=_clean(written.get("customer", "")),
        person=_clean(written.get("person", "")),
        action=action if action in ACTIONS else "",
        period=period if period in PERIODS else DEFAULT_PERIOD,
        before=read_cursor(written.get("before", "")),
    )


def _clean(text: str) -> str:
    return as_text(text, _MAX_TEXT) or ""


def entries_page(view: View, *, now: datetime) -> tuple[list[AuditEntry], Cursor | None]:
    """The page's entries, newest first, and where the next page begins, or None."""
    rows = list(_after(_matching(view, now), view.before)[: PAGE_ROWS + 1])
    shown = rows[:PAGE_ROWS]
    more = len(rows) > PAGE_ROWS
    return shown, (shown[-1].at, shown[-1].pk) if more else None


def newest_of(customer_id: str, actions: Collection[str], *, limit: int) -> list[AuditEntry]:
    """The customer's newest entries of these actions, newest first."""
    rows = AuditEntry.objects.filter(customer_id=customer_id, action__in=actions)
    return list(rows.order_by("-at", "-id")[:limit])


def newest_of_all(actions: Collection[str], *, since: datetime, limit: int) -> list[AuditEntry]:
    """The newest entries of these actions since then, whoever they are about, newest first."""
    rows = AuditEntry.objects.filter(action__in=actions, at__gte=since)
    return list(rows.order_by("-at", "-id")[:limit])


def counts_by_kind(view: View, *, now: datetime) -> dict[ActionKind | None, int]:
    """How many entries each kind has when all else of the view holds; None counts all."""
    matching = _matching(replace(view, kind=None), now).order_by()
    by_action = dict(matching.values_list("action").annotate(Count("id")))
    counts: dict[ActionKind | None, int] = {
        kind: sum(by_action.get(name, 0) for name in actions_of(kind)) for kind in ActionKind
    }
    return {None: sum(by_action.values()), **counts}


def csv_lines(view: View, *, now: datetime) -> Iterator[str]:
    """The whole view as the lines of a CSV file, header first; read in chunks, so that memory stays bounded."""
    writer = csv.writer(_Echo())
    yield CSV_MARK + writer.writerow(CSV_HEADER)
    before: Cursor | None = None
    while rows := list(_after(_matching(view, now), before)[:_CHUNK_ROWS]):
        for row in rows:
            yield writer.writerow([safe_cell(cell) for cell in _cells(row)])
        before = rows[-1].at, rows[-1].pk


class _Echo:
    """A file for the CSV writer that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _cells(row: AuditEntry) -> tuple[str, ...]:
    what = action_words(row.action)
    return rfc3339(row.at) or "", row.actor, row.action, what, row.customer_id, row.detail, row.address


def _matching(view: View, now: datetime) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.order_by("-at", "-id")
    span = PERIODS[view.period]
    if span is not None:
        rows = rows.filter(at__gte=now - span)
    if view.kind is not None:
        rows = rows.filter(action__in=actions_of(view.kind))
    for column, wanted in (("customer_id", view.customer), ("actor", view.person), ("action", view.action)):
        if wanted:
            rows = rows.filter(**{column: wanted})
    return rows.filter(_holding(view.text)) if view.text else rows


def _holding(text: str) -> Q:
    columns = ("actor", "customer_id", "detail", "address")
    held = Q(action__in=actions_like(text))
    for column in columns:
        held |= Q(**{f"{column}__icontains": text})
    return held


def _after(rows: QuerySet[AuditEntry], before: Cursor | None) -> QuerySet[AuditEntry]:
    if before is None:
        return rows
    at, number = before
    return rows.filter(Q(at__lt=at) | Q(at=at, id__lt=number))
