"""The door through which a box without a key fetches its configuration: the passphrase, and how often it may be tried.

A try is counted as wrong before it is checked, and taken back when it was right: many at the same moment cannot all
pass while none has failed. An unknown customer is counted and compared like any other (contract 5).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from felhom_hub.base.db import Db
from felhom_hub.base.errors import Forbidden, TooMany, Unauthorized
from felhom_hub.configs.models import RetrievalTry
from felhom_hub.customers.credentials import check_retrieval_password
from felhom_hub.customers.models import Customer
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.operators.audit import Actor, record_audit
from felhom_hub.operators.throttle import home_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limit:
    """So many wrong tries within the span are too many."""

    tries: int
    span: timedelta


# For a customer from one address, for a customer from everywhere, and from one address for all customers.
OF_ADDRESS = Limit(10, timedelta(minutes=15))
OF_CUSTOMER = Limit(90, timedelta(days=1))
OF_STRANGER = Limit(90, timedelta(minutes=15))
# Requests at the same moment, and hubs whose clocks differ, note tries that are ahead of one's own time: they count.
# What is further ahead was noted before a clock was set back, and would lock everybody out until then.
_AHEAD = timedelta(minutes=5)
_MAX_ID = 128


def open_door(customer_id: str, passphrase: str, *, address: str, now: datetime) -> Customer:
    """The customer whose passphrase it is; who fetched what is the caller's to note.

    An empty `address` is nobody's own: only the customer's limit counts for it. Not within a transaction: others must
    see the try before it is compared.
    Raises Unauthorized for a wrong one and for an unknown customer alike, TooMany after too many of them,
    Forbidden where the customer is blocked, SecretsError.
    """
    tried = _begin(customer_id[:_MAX_ID], home_of(address), now)
    if not check_retrieval_password(customer_id, passphrase):
        _note_lock(customer_id, address, now)
        raise Unauthorized("The customer or the retrieval password is wrong")
    RetrievalTry.objects.filter(pk=tried.pk).delete()
    customer = Customer.objects.get(customer_id=customer_id)
    if customer.blocked_at is not None:
        raise Forbidden("The operator has blocked this customer")
    return customer


def locked_until(customer_id: str, *, now: datetime) -> datetime | None:
    """Until when nobody can fetch this customer's configuration, or somebody cannot; None where everybody can."""
    wrong = RetrievalTry.objects.filter(customer_id=customer_id, at__gt=now - OF_CUSTOMER.span, at__lte=now + _AHEAD)
    from_address: dict[str, list[datetime]] = defaultdict(list)
    everywhere = []
    for address, at in wrong.order_by("-at").values_list("address", "at"):
        everywhere.append(at)
        if address and at > now - OF_ADDRESS.span:
            from_address[address].append(at)
    ends = [_end_among(everywhere, OF_CUSTOMER), *(_end_among(each, OF_ADDRESS) for each in from_address.values())]
    return max((end for end in ends if end is not None), default=None)


def unlock(customer_id: str, *, now: datetime, by: Actor) -> int:
    """The customer's wrong tries are forgotten; how many there were."""
    with transaction.atomic():
        count = RetrievalTry.objects.filter(customer_id=customer_id).delete()[0]
        if count:
            record_audit("retrieval_unlocked", by=by, now=now, customer_id=customer_id)
    return count


def forget_tries(now: datetime) -> int:
    """Tries that hold nobody back any more are gone; how many there were."""
    return RetrievalTry.objects.filter(at__lte=now - OF_CUSTOMER.span).delete()[0]


def _begin(customer_id: str, home: str, now: datetime) -> RetrievalTry:
    _refuse_too_many(customer_id, home, now, besides=0)
    tried = RetrievalTry.objects.create(customer_id=customer_id, address=home, at=now)
    try:
        # Looked at again with our own row in place, whatever the order: of two at the same moment one sees the other's,
        # or each does, and then neither was the last one that may pass.
        _refuse_too_many(customer_id, home, now, besides=tried.pk)
    except TooMany:
        RetrievalTry.objects.filter(pk=tried.pk).delete()
        raise
    return tried


def _refuse_too_many(customer_id: str, home: str, now: datetime, *, besides: int) -> None:
    wrong = RetrievalTry.objects.exclude(pk=besides)
    of_customer = wrong.filter(customer_id=customer_id)
    limits = [(of_customer, OF_CUSTOMER)]
    if home:
        limits += [(of_customer.filter(address=home), OF_ADDRESS), (wrong.filter(address=home), OF_STRANGER)]
    for tries, limit in limits:
        end = _end_of(tries, limit, now)
        if end is not None:
            seconds = max(1, -int(-(end - now).total_seconds() // 1))
            raise TooMany("Too many wrong retrieval passwords; wait, or ask the operator", retry_after=seconds)


def _end_of(tries: "QuerySet[RetrievalTry]", limit: Limit, now: datetime) -> datetime | None:
    """When the next try may be made; None where it may be made now."""
    newest = tries.filter(at__gt=now - limit.span, at__lte=now + _AHEAD).order_by("-at").values_list("at", flat=True)
    return _end_among(list(newest[: limit.tries]), limit)


def _end_among(newest_first: Sequence[datetime], limit: Limit) -> datetime | None:
    """The same of tries that lie within the span."""
    return newest_first[limit.tries - 1] + limit.span if len(newest_first) >= limit.tries else None


def _note_lock(customer_id: str, address: str, now: datetime) -> None:
    """The wrong try that was one too many is an event: once, since those after it are not tried any more."""
    wrong = RetrievalTry.objects.filter(customer_id=customer_id)
    home = home_of(address)
    of_address = _end_of(wrong.filter(address=home), OF_ADDRESS, now) if home else None
    of_customer = _end_of(wrong, OF_CUSTOMER, now)
    if of_address is None and of_customer is None:
        return
    log.warning("retrieval_locked", customer=customer_id, address=address)
    customer = Customer.objects.filter(customer_id=customer_id).first()
    if customer is not None:
        words = (
            f"Too many wrong retrieval passwords from {address}; nobody there can fetch the configuration for a while."
        )
        if of_customer is not None:
            words = "Too many wrong retrieval passwords; nobody can fetch the configuration for a while."
        with transaction.atomic():
            record_hub_events(Db(), [HubEvent(customer.pk, "recovery_locked", "warning", words)], now=now)
