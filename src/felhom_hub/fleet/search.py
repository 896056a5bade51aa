"""Finds customers and apps by what an operator types into the top bar, from any page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple

from felhom_hub.base.folding import folded
from felhom_hub.base.tolerant import as_line
from felhom_hub.base.words import count_words
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.looks import LOOKS, Look
from felhom_hub.fleet.matching import EXACT, fitness
from felhom_hub.fleet.order import sort_name
from felhom_hub.fleet.rows import customer_path
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import Summary, summaries
from felhom_hub.telemetry.queries import KnownApp, known_apps

MAX_SHOWN = 50
MAX_TEXT = 100
_CHUNK = 20_000  # customers that are fetched at a time


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found; `note` stands in small print below its name."""

    path: str
    name: str
    note: str
    status: Status | None = None
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """What was found of one kind, the best first; `total` counts what is left out as well.

    `exact` is the one page that is meant, where the text names exactly one.
    """

    word: str
    noun: str
    total: int
    hits: list[Hit]
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """All that fits the text."""

    text: str
    kinds: list[Kind]

    @property
    def total(self) -> int:
        """How many that are."""
        return sum(kind.total for kind in self.kinds)

    @property
    def only_path(self) -> str:
        """Where to go at once: to what the text names exactly, or to the only thing that fits; else empty."""
        exact = [kind.exact for kind in self.kinds if kind.exact]
        if len(exact) == 1:
            return exact[0]
        return next(hit.path for kind in self.kinds for hit in kind.hits) if self.total == 1 else ""


class _Candidate(NamedTuple):
    fitness: int
    name: str
    customer_id: str


class _Named(NamedTuple):
    """A customer as `fitness` looks at it, without case and accents."""

    names: tuple[str, str]
    besides: tuple[str, str]
    sort_name: str


def search(written: str, *, now: datetime) -> Found:
    """What fits the text. A kind of thing that pages exist of is one line here."""
    text = as_line(written, MAX_TEXT)
    return Found(text, [_customers(text, now), _apps(text)] if text else [])


def _customers(text: str, now: datetime) -> Kind:
    candidates = list(_candidates(text))
    exact = [each.customer_id for each in candidates if each.fitness == EXACT]
    ids = [each.customer_id for each in nsmallest(MAX_SHOWN, candidates)]
    found = {each.customer_id: each for each in summaries(Customer.objects.filter(customer_id__in=ids), now=now)}
    return Kind(
        "Customers",
        "customer",
        len(candidates),
        [_hit(found[customer_id]) for customer_id in ids if customer_id in found],
        customer_path(exact[0]) if len(exact) == 1 else "",
    )


def _apps(text: str) -> Kind:
    wanted = sort_name(text)
    found = sorted(
        (fit, sort_name(app.display_name), app)
        for app in known_apps()
        if (fit := fitness(wanted, (sort_name(app.app_name), sort_name(app.display_name)), ())) is not None
    )
    exact = [app.path for fit, _, app in found if fit == EXACT]
    return Kind(
        "Apps",
        "app",
        len(found),
        [_app_hit(app) for _, _, app in found[:MAX_SHOWN]],
        exact[0] if len(exact) == 1 else "",
    )


def _app_hit(app: KnownApp) -> Hit:
    return Hit(
        app.path, app.display_name or app.app_name, f"{app.app_name} · {count_words(app.installations, 'server')}"
    )


def _candidates(text: str) -> Iterator[_Candidate]:
    wanted = sort_name(text)
    rows = Customer.objects.order_by().values_list("customer_id", "name", "town", "domain")
    for row in rows.iterator(chunk_size=_CHUNK):
        named = _named(*row)
        found = fitness(wanted, named.names, named.besides)
        if found is not None:
            yield _Candidate(found, named.sort_name, row[0])


# Names hardly ever change, and each letter that is typed looks through all of them.
@lru_cache(maxsize=16_384)
def _named(customer_id: str, name: str, town: str, domain: str) -> _Named:
    return _Named(
        (folded(customer_id), folded(name)),
        (folded(town), domain),
        folded(name or customer_id),
    )


def _hit(summary: Summary) -> Hit:
    note = " · ".join(part for part in (summary.customer_id, summary.town, summary.domain) if part)
    status = summary.verdict.status
    return Hit(customer_path(summary.customer_id), summary.display_name, note, status, LOOKS[status])
