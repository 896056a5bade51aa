"""Whose key a request bears, and whether it may speak for a customer. Nothing is remembered between two requests.

A key that another process makes or revokes, and a customer that it blocks, count from the next request on.
"""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings

from felhom_hub.base.errors import Forbidden, Unauthorized
from felhom_hub.customers.models import Credential
from felhom_hub.customers.validity import holding

# Django takes 999 variables in a statement on SQLite.
_DIGESTS_AT_ONCE = 500


@dataclass(frozen=True)
class GlobalCaller:
    """Bears `api.report_api_key`: reads every customer and reports for each."""


@dataclass(frozen=True)
class CustomerCaller:
    """Bears a customer's own key: reads and reports for this customer alone."""

    customer_pk: int
    customer_id: str
    is_blocked: bool


Caller = GlobalCaller | CustomerCaller


def digest_of(key: str) -> str:
    """The SHA-256 of a key in hex, by which it is recognised."""
    # A header may bring anything, lone surrogates included; such a key is nobody's, but no reason to fail.
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def caller_of(authorization: str | None, *, now: datetime) -> Caller:
    """Who sends this Authorization header; raises Unauthorized with a sentence that says what is wrong with it."""
    key = key_in(authorization)
    digest = digest_of(key)
    if _is_global(digest):
        return GlobalCaller()
    caller = keys_by_digest((digest,), now=now).get(digest)
    if caller is None:
        raise Unauthorized("This API key is unknown or was revoked")
    return caller


def keys_by_digest(digests: Collection[str], *, now: datetime) -> dict[str, CustomerCaller]:
    """The bearers of the customers' keys among `digests`; who is missing has no key, or one that does not hold.

    One query for 500 digests, in the caller's transaction.
    """
    found: dict[str, CustomerCaller] = {}
    wanted = sorted(set(digests))
    for start in range(0, len(wanted), _DIGESTS_AT_ONCE):
        rows = Credential.objects.filter(
            holding(now), digest__in=wanted[start : start + _DIGESTS_AT_ONCE], kind=Credential.Kind.API_KEY
        ).values_list("digest", "customer__pk", "customer__customer_id", "customer__blocked_at")
        for digest, pk, customer_id, blocked_at in rows:
            assert digest is not None  # it was asked for
            found[digest] = CustomerCaller(pk, customer_id, blocked_at is not None)
    return found


def require_customer(caller: Caller, customer_id: str) -> None:
    """The caller may speak for the customer; raises Forbidden for another customer's key."""
    if isinstance(caller, CustomerCaller) and caller.customer_id != customer_id:
        raise Forbidden(f"This API key belongs to customer {caller.customer_id} and is valid for that one alone")


def key_in(authorization: str | None) -> str:
    """The key of an `Authorization: Bearer KEY` header; raises Unauthorized."""
    if authorization is None:
        raise Unauthorized("There is no API key; send it as Authorization: Bearer KEY")
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthorized("The Authorization header must be: Bearer KEY")
    key = rest.strip()
    if not key:
        raise Unauthorized("The Authorization header has no API key after Bearer")
    return key


def _is_global(digest: str) -> bool:
    """True for the digest of the configured global key; without one, for none."""
    configured: str = settings.HUB.api.report_api_key
    return hmac.compare_digest(digest, digest_of(configured)) and configured != ""
