"""Finds the customers that a batch of reports and events speaks of; who is unknown becomes a manual customer.

So does one that was deleted, with its history, unless what speaks of it came with a key of its own that was still
good a moment ago: such a report is stored, and its customer stays deleted.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from felhom_hub.base.db import Db
from felhom_hub.base.folding import folded
from felhom_hub.customers.models import Customer

_NAMES = (
    "customer_id", "name", "domain", "email", "town", "phone", "note", "is_managed", "created_at", "blocked_at",
    "deleted_at", "folded_name", "folded_town",
)  # fmt: skip


@dataclass(frozen=True)
class Reporting:
    """What the intake needs of a customer: its row's key, and whether the operator has blocked it."""

    pk: int
    is_blocked: bool
    is_deleted: bool = False


def customers_reporting(
    db: Db, names: Mapping[str, str], *, by_global_key: Collection[str], now_ms: int
) -> dict[str, Reporting]:
    """Each id of `names` (id → reported name, perhaps empty) with its customer, made now where it was unknown.

    Runs in the caller's transaction. Only the global key may bring unknown ids; the caller sees to that, and names
    the ids that it brought.
    """
    known = _select(db, names)
    missing = [customer_id for customer_id in names if customer_id not in known]
    if missing:
        rows = [
            (each, names[each], "", "", "", "", "", False, now_ms, None, None, folded(names[each]), "")
            for each in sorted(missing)
        ]
        # Another hub on the same database may make the same customer at this moment; both then find it.
        db.insert(Customer, _NAMES, rows, on_conflict="ignore")
        known |= _select(db, missing)
    for customer_id in sorted(by_global_key):
        if known[customer_id].is_deleted:
            # Only a row that is deleted still: it may have been entered anew at this moment.
            row = Customer.everyone.filter(pk=known[customer_id].pk, deleted_at__isnull=False)
            row.update(deleted_at=None, name=names[customer_id])
            known[customer_id] = replace(known[customer_id], is_deleted=False)
    return known


def _select(db: Db, customer_ids: "Mapping[str, str] | list[str]") -> dict[str, Reporting]:
    columns = ("id", "customer_id", "blocked_at", "deleted_at")
    rows = db.select(Customer, columns, key="customer_id", values=customer_ids)
    return {
        customer_id: Reporting(pk, blocked_at is not None, deleted_at is not None)
        for pk, customer_id, blocked_at, deleted_at in rows
    }
