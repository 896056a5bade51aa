"""The log of messages as it is read: filtered by what the address says, a page at a time, newest first.

Nothing here counts all messages: a page is read along an index from where the address says, and what the chips count
is bounded by `COUNTED`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from felhom_hub.base.folding import folded
from felhom_hub.base.keyset import Cursor, cursor_words, read_cursor
from felhom_hub.base.tolerant import as_line
from felhom_hub.customers.models import Customer
from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.notify.channels import CHANNELS
from felhom_hub.notify.models import Delivery

PERIODS: Mapping[str, timedelta] = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "90d": timedelta(days=90),
}
DEFAULT_PERIOD = "24h"
PAGE_ROWS = 50
COUNTED = 2000  # no more are counted for the chips, however many there are
_MAX_TEXT = 128

# The word in the address, and the result that it stands for. What nobody has asked for is listed of one customer only:
# of all it would be most events.
RESULTS: Mapping[str, Delivery.Result] = {
    "failed": Delivery.Result.FAILED,
    "waiting": Delivery.Result.QUEUED,
    "sent": Delivery.Result.SENT,
    "skipped": Delivery.Result.SKIPPED,
}
UNASKED = "unasked"


@dataclass(frozen=True)
class View:
    """What the address asks for; empty texts ask for nothing. `before` is where the page begins."""

    text: str = ""
    result: str = ""
    audience: str = ""
    channel: str = ""
    customer: str = ""
    period: str = DEFAULT_PERIOD
    before: Cursor | None = None

    @property
    def is_narrowed(self) -> bool:
        """True when something beside the period narrows the list."""
        return any((self.text, self.result, self.audience, self.channel, self.customer))

    def path(self, **changes: str) -> str:
        """The address of this view with the changes, from its first page on."""
        return replace(self, before=None, **changes)._written()

    def older_path(self, before: Cursor) -> str:
        """The address of the page that begins there."""
        return replace(self, before=before)._written()

    @property
    def own_path(self) -> str:
        """The address of this very page."""
        return self._written()

    def _written(self) -> str:
        wanted = {
            "q": self.text,
            "result": self.result,
            "audience": self.audience,
            "channel": self.channel,
            "customer": self.customer,
            "period": "" if self.period == DEFAULT_PERIOD else self.period,
            "before": cursor_words(self.before),
        }
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"/notifications?{query}" if query else "/notifications"


def view_of(written: Mapping[str, str]) -> View:
    """What an address says; whatever cannot be is left out."""
    customer = as_line(written.get("customer", ""), _MAX_TEXT)
    results = {*RESULTS, UNASKED} if customer else set(RESULTS)

    def one_of(name: str, possible: set[str]) -> str:
        value = written.get(name, "")
        return value if value in possible else ""

    return View(
        text=as_line(written.get("q", ""), _MAX_TEXT),
        result=one_of("result", results),
        audience=one_of("audience", set(Delivery.Audience.values)),
        channel=one_of("channel", set(CHANNELS)),
        customer=customer,
        period=one_of("period", set(PERIODS)) or DEFAULT_PERIOD,
        before=read_cursor(written.get("before", "")),
    )


def messages_page(view: View, *, now: datetime) -> tuple[list[Delivery], Cursor | None]:
    """The page's messages, newest first, each with its customer and what repeats it; and where the next one begins."""
    found = _matching(view, now).order_by("-at", "-pk").select_related("customer", "again")
    if view.before is not None:
        at, number = view.before
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=number), at__lte=at)
    # What was said to the provider is long and not shown.
    rows = list(found.defer("content", "again__content", "inputs", "again__inputs")[: PAGE_ROWS + 1])
    shown = rows[:PAGE_ROWS]
    more = len(rows) > PAGE_ROWS
    return shown, (shown[-1].at, shown[-1].pk) if more else None


@dataclass(frozen=True)
class Counts:
    """How many messages there are of each kind among the newest `COUNTED` that fit all else that the view says."""

    rows: tuple[tuple[str, str, str], ...]  # result, audience and channel of each

    @property
    def is_bounded(self) -> bool:
        """True where there are more than were counted."""
        return len(self.rows) > COUNTED

    def of(self, *, result: str = "", audience: str = "", channel: str = "") -> int:
        """How many there are with these; an empty word is any."""
        wanted = (RESULTS[result].value if result else "", audience, channel)
        return sum(
            all(not word or word == value for word, value in zip(wanted, row, strict=True))
            for row in self.rows[:COUNTED]
        )


def counts_of(view: View, *, now: datetime) -> Counts:
    """The counts for the chips, whatever chip is pressed."""
    found = _matching(replace(view, result="", audience="", channel=""), now).order_by("-at", "-pk")
    return Counts(tuple(found.values_list("result", "audience", "channel")[: COUNTED + 1]))


def _matching(view: View, now: datetime) -> QuerySet[Delivery]:
    is_unasked = view.result == UNASKED
    found = Delivery.objects.filter(is_ordinary=is_unasked, at__gte=now - PERIODS[view.period])
    wanted = {
        "result": RESULTS.get(view.result),
        "audience": view.audience,
        "channel": view.channel,
        "customer__customer_id": view.customer,
    }
    found = found.filter(**{column: value for column, value in wanted.items() if value})
    return found.filter(_holding(view.text)) if view.text else found


def _holding(text: str) -> Q:
    """Name or id of the customer, address, or type, whatever the case; in names and labels accents do not count."""
    wanted = folded(text)
    types = [entry.name for entry in CATALOGUE.values() if wanted in folded(entry.label)]
    names = Customer.objects.values_list("pk", "name", "customer_id")
    customers = [pk for pk, name, customer_id in names if wanted in folded(name) or wanted in customer_id.casefold()]
    of_these = Q(event_type__in=types) | Q(customer_id__in=customers)
    return of_these | Q(recipient__icontains=text) | Q(event_type__icontains=text)
