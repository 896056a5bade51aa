"""Checked recoveries for the tests of pages and lists, without what they rest on."""

from datetime import datetime

import msgspec
from tests.build import NOW

from felhom_hub.base.folding import folded
from felhom_hub.customers.models import Customer
from felhom_hub.recovery.checks import CHECKS, Check, Examination, State
from felhom_hub.recovery.models import RecoveryCheck
from felhom_hub.recovery.prove import RANKS


def make_check(
    customer: Customer, states: str = "yyyyy", note: str = "", *, at: datetime = NOW, fell_at: datetime | None = None
) -> RecoveryCheck:
    """The customer's check has come to these states; with `fell_at` it could be rebuilt until then."""
    checks = tuple(
        Check(name, State(state), f"{name} is {state}", (note,) if state in "gn" and note else ())
        for name, state in zip(CHECKS, states, strict=True)
    )
    found = Examination(checks)
    rank = RANKS[found.verdict]
    return RecoveryCheck.objects.create(
        customer=customer,
        checked_at=at,
        version=1,
        states=states,
        rank=rank,
        since_at=fell_at or datetime.fromtimestamp(0, tz=at.tzinfo),
        rank_before=2 if fell_at else rank,
        reason=found.reason,
        folded_reason=folded(found.reason),
        examination=msgspec.json.encode(found).decode(),
    )
