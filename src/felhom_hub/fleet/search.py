"""Finds customers and apps by what an operator types into the top bar, from any page."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce
from operator import or_

from django.db.models import Case, Count, F, IntegerField, OrderBy, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact

from felhom_hub.base.db import snapshot
from felhom_hub.base.statements import ByCodePoint, Statement, statement_of
from felhom_hub.base.tolerant import as_line
from felhom_hub.base.words import count_words
from felhom_hub.customers.finding import BY_NAME, FOLDED_NAMES, hold
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.looks import LOOKS, Look
from felhom_hub.fleet.matching import BEGINS, BEGINS_A_WORD, EXACT, HOLDS, HOLDS_BESIDE, fitness
from felhom_hub.fleet.order import sort_name
from felhom_hub.fleet.roster import everybody
from felhom_hub.fleet.rows import customer_path
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import Summary, summaries
from felhom_hub.telemetry.queries import KnownApp, known_apps

MAX_SHOWN = 50
MAX_TEXT = 100


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


def search(written: str, *, now: datetime) -> Found:
    """What fits the text. A kind of thing that pages exist of is one line here."""
    text = as_line(written, MAX_TEXT)
    return Found(text, [_customers(text, now), _apps(text)] if text else [])


def _customers(text: str, now: datetime) -> Kind:
    values = _values(sort_name(text))
    with snapshot():
        ((total,),) = _number().rows(values)
        best = _best().rows(values)
        ids = [customer_id for customer_id, _ in best]
        found = {each.customer_id: each for each in summaries(Customer.objects.filter(customer_id__in=ids), now=now)}
    exact = [customer_id for customer_id, fit in best if fit == EXACT]
    return Kind(
        "Customers",
        "customer",
        total,
        [_hit(found[customer_id]) for customer_id in ids],
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


# Stand for the folded text in the statement, by itself and as the beginning of a word.
_WANTED, _BEHIND_A_SPACE, _BEHIND_A_DASH = "what is searched for", " what is searched for", "-what is searched for"


def _values(wanted: str) -> dict[str, str]:
    return {_WANTED: wanted, _BEHIND_A_SPACE: f" {wanted}", _BEHIND_A_DASH: f"-{wanted}"}


@lru_cache(maxsize=1)
def _number() -> Statement:
    """How many customers fit."""
    return statement_of(_fitting().values(one=Value(1)).annotate(total=Count("pk")).values_list("total"))


@lru_cache(maxsize=1)
def _best() -> Statement:
    """Id and fitness of the customers that fit best."""
    ordered = _fitting().annotate(fit=_fitness()).order_by("fit", OrderBy(BY_NAME), ByCodePoint(F("customer_id")))
    return statement_of(ordered.values_list("customer_id", "fit")[:MAX_SHOWN])


def _fitting() -> "QuerySet[Customer]":
    return everybody().filter(hold((*FOLDED_NAMES, F("folded_town"), F("domain")), _WANTED))


def _fitness() -> Case:
    """What `matching.fitness` says of a customer that fits, with the questions first that most of them answer."""
    is_exact = reduce(or_, (Q(Exact(name, Value(_WANTED))) for name in FOLDED_NAMES))
    begins = reduce(or_, (Q(Exact(StrIndex(name, Value(_WANTED)), 1)) for name in FOLDED_NAMES))
    return Case(
        When(~hold(FOLDED_NAMES, _WANTED), then=HOLDS_BESIDE),
        When(begins, then=Case(When(is_exact, then=EXACT), default=BEGINS)),
        When(hold(FOLDED_NAMES, _BEHIND_A_SPACE) | hold(FOLDED_NAMES, _BEHIND_A_DASH), then=BEGINS_A_WORD),
        default=HOLDS,
        output_field=IntegerField(),
    )


def _hit(summary: Summary) -> Hit:
    note = " · ".join(part for part in (summary.customer_id, summary.town, summary.domain) if part)
    status = summary.verdict.status
    return Hit(customer_path(summary.customer_id), summary.display_name, note, status, LOOKS[status])
