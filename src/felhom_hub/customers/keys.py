"""A customer's API keys: rotated with an overlap in which old and new hold, listed, and revoked.

The newest key that holds is always one without an end: it is the one that is shown again, and that a box gets with its
configuration.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from felhom_hub.base.errors import Conflict, Impossible
from felhom_hub.base.instants import rfc3339
from felhom_hub.base.secrets import keyring
from felhom_hub.base.words import count_words
from felhom_hub.customers.credentials import Kind, new_api_key, sealed
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.queries import locked_customer
from felhom_hub.customers.validity import holding
from felhom_hub.operators.audit import Actor, record_audit

OVERLAP: Final = timedelta(days=7)
LONGEST_OVERLAP: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that holds, without the key itself; `used_at` is None for one that nobody has used."""

    number: int
    made_at: datetime
    holds_until: datetime | None
    used_at: datetime | None
    used_from: str


@dataclass(frozen=True)
class Rotated:
    """The new key, and until when the older ones hold; None where there are none."""

    api_key: str = field(repr=False)
    number: int
    older_hold_until: datetime | None


@dataclass(frozen=True)
class Revoked:
    """What a revocation left: the numbers of the keys that hold, newest first."""

    left: tuple[int, ...]


def keys_of(customer: Customer, *, now: datetime) -> list[ApiKey]:
    """The keys that hold, newest first."""
    columns = ("pk", "created_at", "holds_until", "use__used_at", "use__address")
    rows = _keys(customer).filter(holding(now)).order_by("-pk").values_list(*columns)
    return [
        ApiKey(number, made_at, holds_until, used_at, address or "")
        for number, made_at, holds_until, used_at, address in rows
    ]


def rotate_key(customer_id: str, *, overlap: timedelta, now: datetime, by: Actor) -> Rotated:
    """The customer has a new key; each older one holds for the overlap, unless it ends before.

    Without an overlap the older ones are revoked. Raises NotFound, Conflict for a manual customer, Impossible for an
    overlap that is none, SecretsError.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Impossible(f"The overlap must be from 0 to {LONGEST_OVERLAP.days} days")
    keyring()  # may make a file, which does not belong into a transaction
    with transaction.atomic():
        customer = locked_customer(customer_id)
        if not customer.is_managed:
            raise Conflict(f"{customer_id} has no configuration yet, and so no key of its own")
        _close(_keys(customer).filter(holds_until__lte=now, revoked_at=None), now)
        older = _keys(customer).filter(holding(now))
        end = now + overlap if overlap and older.exists() else None
        if overlap:
            older.filter(Q(holds_until=None) | Q(holds_until__gt=now + overlap)).update(holds_until=now + overlap)
        else:
            _close(older, now)
        api_key = new_api_key()
        row = sealed(customer, Kind.API_KEY, api_key, now=now)
        row.save(force_insert=True)
        detail = f"key {row.pk}; older keys hold until {rfc3339(end)}" if end else f"key {row.pk}; no older key holds"
        record_audit("api_key_rotated", by=by, now=now, customer_id=customer_id, detail=detail)
    return Rotated(api_key, row.pk, end)


def revoke_key(customer_id: str, number: int, *, now: datetime, by: Actor) -> Revoked | None:
    """The key is nobody's from now on, for every process, and cannot be shown again; None when it holds no more.

    Where the newest one goes, the newest that is left holds without an end. Raises NotFound.
    """
    return _revoke(customer_id, Q(pk=number), now=now, by=by)


def revoke_older_keys(customer_id: str, *, now: datetime, by: Actor) -> Revoked | None:
    """Every key but the newest is nobody's from now on; None when there was only one, or none. Raises NotFound."""
    with transaction.atomic():
        numbers = _numbers(locked_customer(customer_id), now)
        return _revoke(customer_id, Q(pk__in=numbers[1:]), now=now, by=by)


def _revoke(customer_id: str, which: Q, *, now: datetime, by: Actor) -> Revoked | None:
    with transaction.atomic():
        customer = locked_customer(customer_id)
        gone = sorted(_keys(customer).filter(holding(now), which).values_list("pk", flat=True))
        if not gone:
            return None
        _close(_keys(customer).filter(pk__in=gone), now)
        left = _numbers(customer, now)
        if left:
            _keys(customer).filter(pk=left[0]).update(holds_until=None)
        numbers = ", ".join(map(str, gone))
        detail = f"key {numbers}; {count_words(len(left), 'key')} left" if left else f"key {numbers}; none left"
        record_audit("api_key_revoked", by=by, now=now, customer_id=customer_id, detail=detail)
    return Revoked(tuple(left))


def _keys(customer: Customer) -> QuerySet[Credential]:
    return Credential.objects.filter(customer=customer, kind=Kind.API_KEY)


def _numbers(customer: Customer, now: datetime) -> list[int]:
    return list(_keys(customer).filter(holding(now)).order_by("-pk").values_list("pk", flat=True))


def _close(keys: QuerySet[Credential], now: datetime) -> None:
    keys.update(revoked_at=now, envelope="")
