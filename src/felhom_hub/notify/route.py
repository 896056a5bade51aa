"""Decides of every new event who is told, in the event's own transaction: one row for each audience and channel.

Registered with `events/consequences.py`. Six statements for a batch, however many events it has. An event whose
decision fails becomes a failed row; the event itself, and with it the intake, never fails for it.
"""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from django.conf import settings

from felhom_hub.base.db import Db, Row
from felhom_hub.base.instants import from_milliseconds, to_milliseconds
from felhom_hub.customers.models import Customer
from felhom_hub.events.consequences import RecordedEvent
from felhom_hub.notify.channels import DEFAULT_CHANNEL, channels_for
from felhom_hub.notify.channels.contract import Channel
from felhom_hub.notify.models import Delivery, Preferences, Told
from felhom_hub.notify.payload import DEFAULT_COOLDOWN_HOURS
from felhom_hub.notify.policy import (
    AUDIENCES,
    NEVER_TOLD,
    OPERATOR_COOLDOWN,
    RECOVERS,
    Audience,
    Decision,
    Inputs,
    ToldState,
    decide,
    is_ordinary,
    kept_inputs,
    told_after,
)
from felhom_hub.notify.situation import incident_of, is_damped
from felhom_hub.notify.suppressions import operator_address, plain, suppressed

log = structlog.get_logger(__name__)

_FLEET = 0  # stands for the customer in `Told`
_DELIVERY = (
    "customer_id", "event_id", "event_type", "audience", "channel", "recipient", "result", "reason", "answer",
    "is_ordinary", "attempts", "inputs", "key", "content", "next_at", "lease_holder", "is_uncertain", "at",
)  # fmt: skip
_TOLD = ("subject", "audience", "event_type", "told_at", "held_back", "is_alarmed")
_MAX_REASON = 200

_Key = tuple[int, Audience, str]

_are_notices: ContextVar[bool] = ContextVar("are_notices", default=False)


@contextmanager
def routing_notices() -> Iterator[None]:
    """Events that are stored meanwhile are messages of first controllers, which are for the customer whatever its list.

    The way from the notice to its consequence leads through `events`, which knows of no notices.
    """
    token = _are_notices.set(True)
    try:
        yield
    finally:
        _are_notices.reset(token)


@dataclass(frozen=True)
class _Wishes:
    email: str = ""
    enabled_events: frozenset[str] = frozenset()
    cooldown: timedelta = timedelta(hours=DEFAULT_COOLDOWN_HOURS)


def route_events(db: Db, events: Sequence[RecordedEvent]) -> None:
    """What was decided about the events is stored when their transaction commits."""
    pks = {event.customer_pk for event in events if event.customer_pk is not None}
    # The customers' rows are locked: two hubs on one PostgreSQL decide about a customer one after the other.
    customers = db.select(Customer, ("id", "blocked_at", "deleted_at"), key="id", values=pks, lock=True)
    blocked = {pk for pk, blocked_at, deleted_at in customers if blocked_at is not None or deleted_at is not None}
    wishes = _wishes(db, pks)
    held = suppressed([operator_address(), *(each.email for each in wishes.values())])
    told = _told(db, pks | {_FLEET})
    before = dict(told)
    rows: list[Row] = []
    for event in events:
        for audience in AUDIENCES if event.customer_pk is not None else AUDIENCES[:1]:
            try:
                inputs = _inputs(event, audience, wishes.get(event.customer_pk or _FLEET, _Wishes()), told, blocked)
                rows += _decided(event, audience, inputs, told, held)
            except Exception as error:
                log.exception("decision_failed", event_type=event.event_type, audience=audience)
                rows.append(_failed_row(event, audience, error))
    db.insert(Delivery, _DELIVERY, rows)
    changed = [_told_row(key, state) for key, state in told.items() if state != before.get(key)]
    db.insert(Told, _TOLD, sorted(changed), on_conflict="update", key=("subject", "audience", "event_type"))


def _wishes(db: Db, pks: set[int]) -> dict[int, _Wishes]:
    names = ("customer_id", "email", "enabled_events", "cooldown_hours")
    rows = db.select(Preferences, names, key="customer_id", values=pks)
    return {pk: _Wishes(email, _types(enabled), timedelta(hours=hours)) for pk, email, enabled, hours in rows}


def _types(enabled: str) -> frozenset[str]:
    """The types of a stored list; one that is damaged is empty, for it must not stop the intake."""
    try:
        return frozenset(json.loads(enabled))
    except (ValueError, TypeError):
        return frozenset()


def _told(db: Db, subjects: set[int]) -> dict[_Key, ToldState]:
    return {
        (subject, audience, event_type): ToldState(
            None if told_at is None else from_milliseconds(told_at), held_back, is_alarmed=bool(is_alarmed)
        )
        for subject, audience, event_type, told_at, held_back, is_alarmed in db.select(
            Told, _TOLD, key="subject", values=subjects
        )
    }


def _told_row(key: _Key, state: ToldState) -> Row:
    return (*key, state.told_at and to_milliseconds(state.told_at), state.held_back, state.is_alarmed)


def _inputs(
    event: RecordedEvent,
    audience: Audience,
    wishes: _Wishes,
    told: Mapping[_Key, ToldState],
    blocked: set[int],
) -> Inputs:
    """All but provider and address, which are the channel's."""
    subject = event.customer_pk or _FLEET
    recovered = {name: told.get((subject, audience, name)) for name in RECOVERS.get(event.event_type, ())}
    is_operator = audience == "operator"
    return Inputs(
        audience=audience,
        event_type=event.event_type,
        severity=event.severity,
        is_switched_on=settings.HUB.notifications.operator_enabled,
        is_blocked=subject in blocked,
        enabled_events=wishes.enabled_events,
        provider="",
        address="" if is_operator else wishes.email,
        cooldown=OPERATOR_COOLDOWN if is_operator else wishes.cooldown,
        told=told.get((subject, audience, event.event_type), NEVER_TOLD),
        alarms={name: state for name, state in recovered.items() if state is not None},
        is_notice=_are_notices.get() and not is_operator,
        # An event of the fleet is the incident itself.
        incident=incident_of(event.event_type, event.details_json) if event.customer_pk is not None else "",
        is_damped=is_damped(event.event_type, event.details_json),
    )


def _decided(
    event: RecordedEvent, audience: Audience, inputs: Inputs, told: dict[_Key, ToldState], held: Mapping[str, str]
) -> list[Row]:
    """A row for each channel that reaches the audience; afterwards `told` says what the audience knows."""
    rows: list[Row] = []
    chosen: tuple[Inputs, Decision] | None = None
    for channel in channels_for(audience):
        of_channel = _through(channel, inputs, held)
        decision = decide(of_channel, event.created_at)
        rows.append(_row(event, channel.kind, of_channel, decision))
        # Where one channel tells and another cannot, the audience was told.
        if chosen is None or (decision.is_sent and not chosen[1].is_sent):
            chosen = of_channel, decision
    after = told_after(*chosen, event.created_at) if chosen else {}
    told.update({(event.customer_pk or _FLEET, audience, name): state for name, state in after.items()})
    return rows


def _through(channel: Channel, inputs: Inputs, held: Mapping[str, str]) -> Inputs:
    address = channel.operator_recipient() if inputs.audience == "operator" else inputs.address
    reason = held.get(plain(address), "") if held and channel.kind == DEFAULT_CHANNEL else ""
    return replace(inputs, provider=channel.provider(), address=address, suppressed=reason)


def _row(event: RecordedEvent, channel: str, inputs: Inputs, decision: Decision) -> Row:
    at = to_milliseconds(event.created_at)
    return (
        event.customer_pk, event.pk, event.event_type, inputs.audience, channel, inputs.address,
        Delivery.Result.QUEUED.value if decision.is_sent else Delivery.Result.SKIPPED.value,
        decision.reason[:_MAX_REASON], "", is_ordinary(decision), 0, json.dumps(kept_inputs(inputs, decision)),
        str(uuid.uuid4()) if decision.is_sent else None, "", at if decision.is_sent else None, "", False, at,
    )  # fmt: skip


def _failed_row(event: RecordedEvent, audience: Audience, error: Exception) -> Row:
    """The trace of a decision that could not be made; it can be sent by hand, as every failed one."""
    at = to_milliseconds(event.created_at)
    reason = f"it could not be decided: {type(error).__name__}"
    return (
        event.customer_pk, event.pk, event.event_type, audience, DEFAULT_CHANNEL, "", Delivery.Result.FAILED.value,
        reason, "", False, 0, "{}", None, "", None, "", False, at,
    )  # fmt: skip
