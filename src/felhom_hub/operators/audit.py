"""Keeps the record of what was done, by whom and from where; what is worth an entry is decided by the verbs."""

from dataclasses import dataclass
from datetime import datetime

from felhom_hub.operators.models import AuditEntry


@dataclass(frozen=True)
class Actor:
    """Who acts; `address` is empty for who sits at the machine itself."""

    name: str
    address: str = ""


COMMAND_LINE = Actor("command line")


def operator_at(address: str) -> Actor:
    """The operator in a browser at that address."""
    return Actor("operator", address)


def nobody_at(address: str) -> Actor:
    """Somebody who has not signed in."""
    return Actor("nobody", address)


def record_audit(action: str, *, by: Actor, now: datetime, customer_id: str = "", detail: str = "") -> None:
    """The entry is stored in the caller's transaction, so that deed and record are kept or lost together.

    `detail` is for the operator's eyes and never holds a secret.
    """
    AuditEntry.objects.create(
        at=now, actor=by.name, action=action, customer_id=customer_id, detail=detail, address=by.address
    )
