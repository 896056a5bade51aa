"""Finds the customers that a batch of reports and events speaks of; who is unknown becomes a manual customer."""

from collections.abc import Mapping
from dataclasses import dataclass

from felhom_hub.base.db import Db
from felhom_hub.customers.models import Customer

_NAMES = ("customer_id", "name", "domain", "email", "town", "phone", "note", "is_managed", "created_at", "blocked_at")


@dataclass(frozen=True)
class Reporting:
    """What the intake needs of a customer: its row's key, and whether the operator has blocked it."""

    pk: int
    is_blocked: bool


def customers_reporting(db: Db, names: Mapping[str, str], *, now_ms: int) -> dict[str, Reporting]:
    """Each id of `names` (id → reported name, perhaps empty) with its customer, made now where it was unknown.

    Runs in the caller's transaction. Only the global key may bring unknown ids; the caller sees to that.
    """
    known = _select(db, names)
    missing = [customer_id for customer_id in names if customer_id not in known]
    if missing:
        rows = [(each, names[each], "", "", "", "", "", False, now_ms, None) for each in sorted(missing)]
        # Another hub on the same database may make the same customer at this moment; both then find it.
        db.insert(Customer, _NAMES, rows, on_conflict="ignore")
        known |= _select(db, missing)
    return known


def _select(db: Db, customer_ids: "Mapping[str, str] | list[str]") -> dict[str, Reporting]:
    rows = db.select(Customer, ("id", "customer_id", "blocked_at"), key="customer_id", values=customer_ids)
    return {customer_id: Reporting(pk, blocked_at is not None) for pk, customer_id, blocked_at in rows}
