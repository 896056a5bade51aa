"""A customer's tokens for its own Cloudflare zone: sealed like its keys, entered, replaced and removed."""

from collections.abc import Mapping
from datetime import datetime

from felhom_hub.base.errors import Impossible
from felhom_hub.base.secrets import seal
from felhom_hub.customers.credentials import Kind, purpose_of
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.operators.audit import Actor, record_audit

TOKEN_KINDS = (Kind.CF_TUNNEL_TOKEN, Kind.CF_API_TOKEN)
_LENGTHS = range(20, 4097)
TOKEN_RULE = "the token alone: 20 to 4,096 letters, digits and signs without a space"  # noqa: S105 - a rule


def checked_token(token: str, name: str = "It") -> str:
    """The same without spaces around it; raises Impossible of the token of this name, without a word of what it is."""
    bare = token.strip()
    if len(bare) not in _LENGTHS or not bare.isascii() or not bare.isprintable() or " " in bare:
        raise Impossible(f"{name} must be {TOKEN_RULE}")
    return bare


def tokens_held(customer: Customer) -> dict[Kind, datetime]:
    """When each token that the customer has was entered; nothing is opened."""
    rows = Credential.objects.filter(customer=customer, kind__in=TOKEN_KINDS, revoked_at=None).order_by("pk")
    return {Kind(kind): at for kind, at in rows.values_list("kind", "created_at")}


def change_tokens(
    customer: Customer, entered: Mapping[Kind, str], removed: frozenset[Kind], *, now: datetime, by: Actor
) -> tuple[str, ...]:
    """The entered tokens hold from now on, the removed ones are gone; what changed, for the audit.

    Runs in the caller's transaction, with the customer's row locked. Raises Impossible.
    """
    changes = []
    for kind in TOKEN_KINDS:
        token = checked_token(entered[kind], kind.value) if entered.get(kind) else None
        if token is None and kind not in removed:
            continue
        live = Credential.objects.filter(customer=customer, kind=kind, revoked_at=None)
        was_there = live.update(revoked_at=now, envelope="") > 0
        if token is not None:
            envelope = seal(token, purpose=purpose_of(kind, customer.customer_id))
            Credential.objects.create(customer=customer, kind=kind, envelope=envelope, created_at=now)
            changes.append(f"{kind} {'replaced' if was_there else 'entered'}")
        elif was_there:
            changes.append(f"{kind} removed")
    if changes:
        record_audit("tokens_changed", by=by, now=now, customer_id=customer.customer_id, detail=", ".join(changes))
    return tuple(changes)
