"""A customer's secrets: made, and sealed for showing them again; API keys are rotated and revoked by `keys.py`.

Nothing is kept in the clear: an API key is recognised by its digest, everything else is opened to compare it.
"""

import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from felhom_hub.base.errors import NotFound
from felhom_hub.base.secrets import open_text, seal
from felhom_hub.customers.auth import digest_of
from felhom_hub.customers.identity import CUSTOMER_ID
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.passphrase import new_passphrase, normalised
from felhom_hub.customers.queries import customer_of
from felhom_hub.customers.validity import CURRENT
from felhom_hub.operators.audit import Actor, record_audit

Kind = Credential.Kind

# Tells an operator or a secret scanner what a stray string is.
API_KEY_PREFIX = "fh_"
_SECRET_BYTES = 32  # 256 random bits: a plain digest needs no salt

_DECOY = "alma-kerék-madár-felhő"


@dataclass(frozen=True)
class Secrets:
    """What the operator may see of a customer's secrets; None where there is none, as for a manual customer."""

    api_key: str | None = field(repr=False)
    retrieval_password: str | None = field(repr=False)


def new_api_key() -> str:
    """A key of 256 random bits: the prefix and 43 characters that need no quoting anywhere."""
    return API_KEY_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)


def make_secrets(customer: Customer, *, now: datetime) -> Secrets:
    """The customer has an API key, a retrieval password and a session secret; in the caller's transaction."""
    made = new_secrets()
    Credential.objects.bulk_create(sealed(customer, kind, secret, now=now) for kind, secret in made.items())
    return Secrets(made[Kind.API_KEY], made[Kind.RETRIEVAL_PASSWORD])


def new_secrets() -> dict[Credential.Kind, str]:
    """Those that every managed customer has."""
    return {
        Kind.API_KEY: new_api_key(),
        Kind.RETRIEVAL_PASSWORD: new_passphrase(),
        Kind.SESSION_SECRET: secrets.token_hex(_SECRET_BYTES),
    }


def kinds_held(customer: Customer) -> set[Credential.Kind]:
    """The kinds of secrets that the customer has; nothing is opened."""
    return {Kind(kind) for kind in _live(*Kind).filter(customer=customer).values_list("kind", flat=True)}


def reveal_secrets(customer_id: str, *, now: datetime, by: Actor) -> Secrets:
    """The newest API key and retrieval password in the clear, after an audit entry about it was committed.

    Raises NotFound, or SecretsError when they cannot be opened.
    """
    customer = customer_of(customer_id)
    revealed = Secrets(_opened(customer, Kind.API_KEY), _opened(customer, Kind.RETRIEVAL_PASSWORD))
    record_audit("secrets_revealed", by=by, now=now, customer_id=customer_id)
    return revealed


def machine_secrets(customer: Customer) -> dict[str, str]:
    """The newest secret of each kind but the passphrase, for the file that its box gets; nobody is shown them.

    Raises SecretsError when one cannot be opened.
    """
    kinds = sorted(kinds_held(customer) - {Kind.RETRIEVAL_PASSWORD})
    return {kind.value: secret for kind in kinds if (secret := _opened(customer, kind)) is not None}


def sealed_machine_secrets(customers: Collection[Customer]) -> dict[int, dict[Kind, str]]:
    """As `machine_secrets` would open them, but still sealed, by the customers' keys; one query for all of them."""
    kinds = set(Kind) - {Kind.RETRIEVAL_PASSWORD}
    rows = _live(*sorted(kinds)).filter(customer__in=customers).order_by("pk")
    found: dict[int, dict[Kind, str]] = {}
    for customer_pk, kind, envelope in rows.values_list("customer_id", "kind", "envelope"):
        found.setdefault(customer_pk, {})[Kind(kind)] = envelope
    return found


def opened(envelopes: Mapping[Kind, str], customer_id: str) -> dict[str, str]:
    """The secrets in the envelopes, by the names of their kinds; raises SecretsError."""
    return {
        kind.value: open_text(envelope, purpose=purpose_of(kind, customer_id)) for kind, envelope in envelopes.items()
    }


def reveal_secret(customer_id: str, kind: Credential.Kind, *, to_copy: bool, now: datetime, by: Actor) -> str:
    """The newest secret of the kind in the clear, after an audit entry about it was committed.

    `to_copy` says that it goes to the clipboard, unseen. Raises NotFound, or SecretsError when it cannot be opened.
    """
    secret = _opened(customer_of(customer_id), kind)
    if secret is None:
        raise NotFound(f"The customer {customer_id} has no {kind.replace('_', ' ')}")
    if to_copy:
        record_audit("secret_copied", by=by, now=now, customer_id=customer_id, detail=kind.value)
    else:
        record_audit("secret_revealed", by=by, now=now, customer_id=customer_id, detail=kind.value)
    return secret


def passphrase_for_drill(customer: Customer) -> str | None:
    """The retrieval password in the clear, for a drill of the hub's own, which is on the record; nobody is shown it.

    None where the customer has none. Raises SecretsError when it cannot be opened.
    """
    return _opened(customer, Kind.RETRIEVAL_PASSWORD)


def check_retrieval_password(customer_id: str, attempt: str) -> bool:
    """True when the attempt is the customer's retrieval password, however it was typed (`passphrase.normalised`).

    A customer that does not exist takes the same time as a wrong password (contract 5): the same query, an envelope
    opened, two digests compared. Raises SecretsError when a stored password cannot be opened.
    """
    possible_id = customer_id if CUSTOMER_ID.fullmatch(customer_id) else ""
    purpose = purpose_of(Kind.RETRIEVAL_PASSWORD, possible_id)
    decoy = seal(_DECOY, purpose=purpose)
    rows = _live(Kind.RETRIEVAL_PASSWORD).filter(customer__customer_id=possible_id)
    envelope = rows.order_by("-pk").values_list("envelope", flat=True).first()
    wanted = normalised(open_text(decoy if envelope is None else envelope, purpose=purpose))
    is_same = hmac.compare_digest(digest_of(wanted), digest_of(normalised(attempt)))
    # A password of nothing but separators, brought along from elsewhere, would fit every such attempt.
    return is_same and wanted != "" and envelope is not None


def sealed(customer: Customer, kind: Credential.Kind, plaintext: str, *, now: datetime) -> Credential:
    """The row of a new secret, not stored yet."""
    return Credential(
        customer=customer,
        kind=kind,
        digest=digest_of(plaintext) if kind is Kind.API_KEY else None,
        envelope=seal(plaintext, purpose=purpose_of(kind, customer.customer_id)),
        created_at=now,
    )


def _opened(customer: Customer, kind: Credential.Kind) -> str | None:
    envelope = _live(kind).filter(customer=customer).order_by("-pk").values_list("envelope", flat=True).first()
    return None if envelope is None else open_text(envelope, purpose=purpose_of(kind, customer.customer_id))


def _live(*kinds: Credential.Kind) -> QuerySet[Credential]:
    return Credential.objects.filter(CURRENT, kind__in=kinds)


def purpose_of(kind: Credential.Kind, customer_id: str) -> str:
    """Ties an envelope to its customer: copied to another row, it does not open."""
    return f"{kind}:{customer_id}"
