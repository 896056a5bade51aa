"""Stores what customers want to be told, and the events that first controllers send as messages to their customer."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from felhom_hub.base.db import Db
from felhom_hub.base.errors import Unauthorized
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.customers.confirm import still_valid
from felhom_hub.customers.models import Customer
from felhom_hub.customers.reporting import customers_reporting
from felhom_hub.events.record import IncomingEvent, record_events
from felhom_hub.notify.models import Alarm, Delivery, Preferences
from felhom_hub.notify.payload import DEFAULT_COOLDOWN_HOURS, PreferencesFacts
from felhom_hub.notify.route import routing_notices
from felhom_hub.notify.suppressions import forget_address

_NAMES = ("customer_id", "email", "enabled_events", "cooldown_hours", "set_by", "updated_at")


@dataclass(frozen=True)
class IncomingPreferences:
    """One customer's preferences on their way into the database."""

    facts: PreferencesFacts
    received_at: datetime
    key_digest: str | None  # of the customer's key that they came with; None for the global key
    set_by: Preferences.SetBy = Preferences.SetBy.CONTROLLER


@dataclass(frozen=True)
class SetPreferences:
    """The answer for preferences that are stored."""

    is_blocked: bool


@dataclass(frozen=True)
class RecordedNotice:
    """The answer for a message that is stored as an event; `has_address` where its customer has an address."""

    has_address: bool


def set_preferences(db: Db, incoming: Sequence[IncomingPreferences]) -> list[Any]:
    """The preferences are stored when the transaction commits; of several of one customer's the last ones count.

    Each one's result is `SetPreferences`, or the error that refuses it.
    """
    results: list[Any] = still_valid(incoming)
    kept = [number for number, error in enumerate(results) if error is None]
    if not kept:
        return results
    pks = _customers(db, [incoming[number] for number in kept])
    # The customer's row is locked: neither its deletion nor another hub's preferences can come in between.
    locked = db.select(Customer, ("id", "blocked_at", "deleted_at"), key="id", values=pks.values(), lock=True)
    customers = {pk: (blocked_at is not None, deleted_at is not None) for pk, blocked_at, deleted_at in locked}
    rows = {row[0]: row for row in db.select(Preferences, _NAMES, key="customer_id", values=customers)}
    changed = set()
    for number in kept:
        each = incoming[number]
        pk = pks[each.facts.customer_id]
        is_blocked, is_deleted = customers[pk]
        if is_deleted:
            # The deletion revoked the key that these came with, and an address must not outlive it.
            results[number] = Unauthorized("This key is not valid any more")
            continue
        rows[pk] = _row(pk, rows.get(pk), each)
        changed.add(pk)
        results[number] = SetPreferences(is_blocked)
    db.insert(Preferences, _NAMES, [rows[pk] for pk in sorted(changed)], on_conflict="update", key=("customer_id",))
    return results


def record_notices(db: Db, incoming: Sequence[IncomingEvent]) -> list[Any]:
    """The events are stored as any others; each one's result is `RecordedNotice`, or the error that refuses it.

    Who is told is decided as for every event, in the same transaction (route.py).
    """
    with routing_notices():
        results = record_events(db, incoming)
    ids = {each.facts.customer_id for each, result in zip(incoming, results, strict=True) if result is True}
    ids_by_pk: dict[int, str] = dict(db.select(Customer, ("id", "customer_id"), key="customer_id", values=ids))
    told = db.select(Preferences, ("customer_id", "email"), key="customer_id", values=ids_by_pk)
    with_address = {ids_by_pk[pk] for pk, email in told if email}
    return [
        RecordedNotice(each.facts.customer_id in with_address) if result is True else result
        for each, result in zip(incoming, results, strict=True)
    ]


def forget_customer(customer_pk: int) -> None:
    """The customer's address and wishes are gone, from past messages too; what waited to be sent is not sent."""
    wishes = Preferences.objects.filter(customer_id=customer_pk)
    email = wishes.values_list("email", flat=True).first()
    wishes.delete()
    forget_address(email or "")
    Alarm.objects.filter(subject=customer_pk).delete()
    messages = Delivery.objects.filter(customer_id=customer_pk)
    waiting = messages.filter(result=Delivery.Result.QUEUED)
    waiting.update(result=Delivery.Result.SKIPPED, reason="the customer was deleted", next_at=None, lease_until=None)
    messages.filter(audience=Delivery.Audience.CUSTOMER).update(recipient="", content="")
    messages.update(content="")


def _customers(db: Db, kept: Sequence[IncomingPreferences]) -> dict[str, int]:
    """The key of each customer, made now where it was unknown."""
    names = {each.facts.customer_id: "" for each in kept}
    by_global_key = {each.facts.customer_id for each in kept if each.key_digest is None}
    now_ms = to_milliseconds(kept[0].received_at)
    found = customers_reporting(db, names, by_global_key=by_global_key, now_ms=now_ms)
    return {customer_id: customer.pk for customer_id, customer in found.items()}


def _row(pk: int, before: tuple[Any, ...] | None, incoming: IncomingPreferences) -> tuple[Any, ...]:
    """The whole row: what was not said is as before, or as for somebody new."""
    facts = incoming.facts
    _, email, enabled, cooldown, *_ = before or (pk, "", "[]", DEFAULT_COOLDOWN_HOURS)
    return (
        pk,
        email if facts.email is None else facts.email,
        enabled if facts.enabled_events is None else json.dumps(facts.enabled_events),
        cooldown if facts.cooldown_hours is None else facts.cooldown_hours,
        incoming.set_by.value,
        to_milliseconds(incoming.received_at),
    )
