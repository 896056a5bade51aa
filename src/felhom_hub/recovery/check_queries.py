"""Questions about checked recoveries: one customer's, the fleet's counts, and a page of the list."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db.models import Count, Q, QuerySet

from felhom_hub.base.folding import folded
from felhom_hub.customers.models import Customer
from felhom_hub.recovery.checks import CHECKS, Check, Examination, State, Verdict, headline_of, verdict_of
from felhom_hub.recovery.models import RecoveryCheck

_DAY: Final = timedelta(days=1)
_NAMED: Final = 3
# Boxes that have reported or sent a snapshot, but for the blocked: everybody who is checked.
_SHOWN: Final = Q(customer__blocked_at=None, customer__deleted_at=None)


@dataclass(frozen=True)
class Checked:
    """One customer's newest check."""

    examination: Examination
    checked_at: datetime
    since_at: datetime
    version: int


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    pk: int
    customer_id: str
    name: str
    town: str
    verdict: Verdict
    headline: str
    reason: str
    checks: tuple[Check, ...]
    checked_at: datetime


@dataclass(frozen=True)
class Counts:
    """How many there are of each verdict, and how many pass each check or could not be asked."""

    verdicts: Mapping[Verdict, int]
    passed: Mapping[str, int]
    checked_lately: int
    total: int


@dataclass(frozen=True)
class Lately:
    """What has changed within a day: who fell, by name and some only, and how many fell and rose."""

    fallen: tuple[str, ...]
    count_fallen: int
    count_risen: int


def checked_of(customer_pk: int) -> Checked | None:
    """The customer's newest check; None before the first."""
    row = RecoveryCheck.objects.filter(customer_id=customer_pk).first()
    if row is None:
        return None
    return Checked(_examination(row), row.checked_at, row.since_at, row.version)


def not_recoverable(customer_pks: Collection[int]) -> Mapping[int, str]:
    """Of these customers, who cannot be rebuilt from the hub, and why; one query."""
    rows = RecoveryCheck.objects.filter(customer_id__in=customer_pks, rank=0)
    return dict(rows.values_list("customer_id", "reason"))


def count_not_recoverable() -> int:
    """How many servers cannot be rebuilt."""
    return RecoveryCheck.objects.filter(_SHOWN, rank=0).count()


def fleet_counts(now: datetime) -> Counts:
    """Counted by what the checks came to, of which there are few combinations; two queries."""
    shown = RecoveryCheck.objects.filter(_SHOWN).order_by()
    by_states = dict(shown.values_list("states").annotate(Count("pk")))
    verdicts = dict.fromkeys(Verdict, 0)
    passed = dict.fromkeys(CHECKS, 0)
    for states, count in by_states.items():
        verdicts[verdict_of(states)] += count
        for name, state in zip(CHECKS, states, strict=False):
            passed[name] += count if state == State.OK else 0
    lately = shown.filter(checked_at__gt=now - _DAY).count()
    return Counts(verdicts, passed, lately, sum(by_states.values()))


def changed_lately(now: datetime) -> Lately:
    """Whose verdict has become another one within a day; two queries."""
    changed = RecoveryCheck.objects.filter(_SHOWN, since_at__gt=now - _DAY).order_by("rank", "customer_id")
    rows = changed.values_list("rank_before", "rank", "customer__name", "customer__customer_id")
    fallen = [name or customer_id for before, after, name, customer_id in rows if after < before]
    return Lately(tuple(fallen[:_NAMED]), len(fallen), sum(after > before for before, after, *_ in rows))


def rows_of(*, rank: int | None, text: str, never_drilled: bool = False) -> QuerySet[RecoveryCheck]:
    """The list, worst first and then by name; narrowed to a verdict, to a text, and to those without a drill."""
    found = RecoveryCheck.objects.filter(_SHOWN)
    if rank is not None:
        found = found.filter(rank=rank)
    if never_drilled:
        found = found.filter(customer__drills=None)
    if wanted := folded(text):
        found = found.filter(
            Q(customer__folded_name__contains=wanted)
            | Q(customer__folded_town__contains=wanted)
            | Q(customer__customer_id__contains=wanted)
            | Q(folded_reason__contains=wanted)
        )
    return found.select_related("customer").order_by("rank", "customer__folded_name", "customer__customer_id")


def row_of(row: RecoveryCheck) -> Row:
    """As the list shows it."""
    customer: Customer = row.customer
    return Row(
        customer.pk,
        customer.customer_id,
        customer.name or customer.customer_id,
        customer.town,
        verdict_of(row.states),
        headline_of(row.states),
        row.reason,
        _examination(row).checks,
        row.checked_at,
    )


def _examination(row: RecoveryCheck) -> Examination:
    return msgspec.json.decode(row.examination, type=Examination)
