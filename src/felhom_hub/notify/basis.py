"""What decisions about events rest on: customers, their wishes, what was told, what stands, and what is silenced.

It is read once for many events, and kept true in memory while they are decided on.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from felhom_hub.base.db import Db, Row
from felhom_hub.base.instants import from_milliseconds, to_milliseconds
from felhom_hub.customers.models import Customer
from felhom_hub.customers.tags import tags_of
from felhom_hub.events.consequences import RecordedEvent
from felhom_hub.notify.alarms import Key, read_alarms, write_alarms
from felhom_hub.notify.models import Preferences, Told
from felhom_hub.notify.payload import DEFAULT_COOLDOWN_HOURS
from felhom_hub.notify.policy import NEVER_TOLD, OPERATOR_COOLDOWN, RECOVERS, Audience, Inputs, ToldState
from felhom_hub.notify.situation import incident_of, is_damped
from felhom_hub.notify.standing import INCIDENT_BEGAN, INCIDENT_ENDED, Standing
from felhom_hub.notify.suppressions import operator_address, suppressed
from felhom_hub.silences.coverage import Known, Quiet, Subject, quiet_of
from felhom_hub.silences.queries import silences_at
from felhom_hub.watch.incident_queries import silent_members

FLEET = 0  # stands for the customer in `Told` and `Alarm`
_TOLD = ("subject", "audience", "event_type", "told_at", "held_back", "is_alarmed")
# What the silence of a node is told by: an incident tells it of many.
_NODE_FELL = "node_down"

ToldKey = tuple[int, Audience, str]


@dataclass(frozen=True)
class Wishes:
    """What one customer has asked for."""

    email: str = ""
    enabled_events: frozenset[str] = frozenset()
    cooldown: timedelta = timedelta(hours=DEFAULT_COOLDOWN_HOURS)


@dataclass
class Basis:
    """All that was read; `told` and `alarms` say what is so after each decision."""

    zone: ZoneInfo
    blocked: frozenset[int]
    tags: Mapping[int, frozenset[str]]
    wishes: Mapping[int, Wishes]
    told: dict[ToldKey, ToldState]
    alarms: dict[Key, Standing]
    silences: Sequence[Known]
    suppressed: Mapping[str, str]  # plain addresses that are not mailed, with the reason
    _told_before: Mapping[ToldKey, ToldState] = field(init=False)
    _alarms_before: Mapping[Key, Standing] = field(init=False)

    def __post_init__(self) -> None:
        self._told_before, self._alarms_before = dict(self.told), dict(self.alarms)

    def store_told(self, db: Db) -> None:
        """What the audiences have been told is stored when the transaction commits."""
        rows = [_told_row(key, state) for key, state in self.told.items() if state != self._told_before.get(key)]
        db.insert(Told, _TOLD, sorted(rows), on_conflict="update", key=("subject", "audience", "event_type"))

    def store_alarms(self, db: Db) -> None:
        """Which alarms stand is stored when the transaction commits."""
        write_alarms(db, self._alarms_before, self.alarms)


def read_basis(db: Db, pks: set[int], *, at: datetime) -> Basis:
    """The basis of decisions about these customers and the fleet, at about `at`.

    The customers' rows are locked: two hubs on one PostgreSQL decide about a customer one after the other.
    """
    rows = db.select(Customer, ("id", "blocked_at", "deleted_at", "tags"), key="id", values=pks, lock=True)
    wishes = _wishes(db, pks)
    return Basis(
        zone=settings.HUB.server.time_zone,
        blocked=frozenset(pk for pk, blocked_at, deleted_at, _ in rows if (blocked_at, deleted_at) != (None, None)),
        tags={pk: tags_of(written) for pk, _, _, written in rows},
        wishes=wishes,
        told=_told(db, pks | {FLEET}),
        alarms=read_alarms(db, pks | {FLEET}),
        silences=silences_at(at),
        suppressed=suppressed([operator_address(), *(each.email for each in wishes.values())]),
    )


def inputs_of(basis: Basis, event: RecordedEvent, audience: Audience, *, is_notice: bool) -> Inputs:
    """What a decision about a new event rests on, but for provider and address, which are the channel's."""
    noted = incident_of(event.event_type, event.details_json) if event.customer_pk is not None else ""
    began = basis.alarms.get((FLEET, INCIDENT_BEGAN, noted))
    # An incident that nobody was told of, because all of its nodes were silenced, tells of no other node.
    is_untold = audience == "operator" and began is not None and audience in began.waiting
    return _inputs(basis, event, audience, incident="" if is_untold else noted, at=event.created_at, notice=is_notice)


def later_inputs(basis: Basis, event: RecordedEvent, audience: Audience, *, now: datetime) -> Inputs:
    """Likewise of an event that was decided on before: only an open incident tells in its place."""
    noted = incident_of(event.event_type, event.details_json) if event.customer_pk is not None else ""
    began = basis.alarms.get((FLEET, INCIDENT_BEGAN, noted))
    tells = began is not None and (audience == "customer" or audience not in began.waiting)
    return _inputs(basis, event, audience, incident=noted if tells else "", at=now, notice=False)


def alarm_key(event: RecordedEvent) -> Key:
    """Where the alarm stands that the event is of."""
    subject = event.customer_pk or FLEET
    return subject, event.event_type, "" if subject else incident_of(event.event_type, event.details_json)


def _inputs(
    basis: Basis, event: RecordedEvent, audience: Audience, *, incident: str, at: datetime, notice: bool
) -> Inputs:
    subject, is_operator = event.customer_pk or FLEET, audience == "operator"
    wishes = basis.wishes.get(subject, Wishes())
    recovered = {name: basis.told.get((subject, audience, name)) for name in RECOVERS.get(event.event_type, ())}
    standing = basis.alarms.get(alarm_key(event))
    silenced, silence = _silenced(basis, event, audience, at)
    return Inputs(
        audience=audience,
        event_type=event.event_type,
        severity=event.severity,
        is_switched_on=settings.HUB.notifications.operator_enabled,
        is_blocked=subject in basis.blocked,
        enabled_events=wishes.enabled_events,
        provider="",
        address="" if is_operator else wishes.email,
        cooldown=OPERATOR_COOLDOWN if is_operator else wishes.cooldown,
        told=basis.told.get((subject, audience, event.event_type), NEVER_TOLD),
        alarms={name: state for name, state in recovered.items() if state is not None},
        is_notice=notice and not is_operator,
        incident=incident,
        is_damped=is_damped(event.event_type, event.details_json),
        silenced=silenced,
        silence=silence,
        # The operator has acknowledged it for himself; what a customer is told, its own wishes say.
        acknowledged=standing.acknowledged_by if standing is not None and is_operator else "",
    )


def _silenced(basis: Basis, event: RecordedEvent, audience: Audience, at: datetime) -> tuple[str, int]:
    """By what the event is silenced, in words and by its number; empty and 0 where it is not."""
    incident = "" if event.customer_pk is not None else incident_of(event.event_type, event.details_json)
    if event.event_type == INCIDENT_ENDED and incident:
        began = basis.alarms.get((FLEET, INCIDENT_BEGAN, incident))
        return ("nobody was told of its beginning", 0) if began is not None and audience in began.waiting else ("", 0)
    if not basis.silences:
        return "", 0
    subject = Subject(event.customer_pk, basis.tags.get(event.customer_pk or FLEET, frozenset()))
    quiet = quiet_of(basis.silences, subject, event.event_type, audience, at, basis.zone)
    if quiet is None and event.event_type == INCIDENT_BEGAN and incident.isdecimal():
        quiet = _quiet_of_all(basis, incident, audience, at)
    return (quiet.words(basis.zone), quiet.silence.pk) if quiet else ("", 0)


def _quiet_of_all(basis: Basis, incident: str, audience: Audience, at: datetime) -> Quiet | None:
    """The silence of an incident's nodes where each of them has one: what falls silent was expected to."""
    members = silent_members(int(incident))
    found = [
        quiet_of(basis.silences, Subject(pk, tags_of(tags)), _NODE_FELL, audience, at, basis.zone)
        for pk, tags in members.items()
    ]
    return found[0] if found and all(found) else None


def _wishes(db: Db, pks: set[int]) -> dict[int, Wishes]:
    names = ("customer_id", "email", "enabled_events", "cooldown_hours")
    rows = db.select(Preferences, names, key="customer_id", values=pks)
    return {pk: Wishes(email, _types(enabled), timedelta(hours=hours)) for pk, email, enabled, hours in rows}


def _types(enabled: str) -> frozenset[str]:
    """The types of a stored list; one that is damaged is empty, for it must not stop the intake."""
    try:
        return frozenset(json.loads(enabled))
    except (ValueError, TypeError):
        return frozenset()


def _told(db: Db, subjects: set[int]) -> dict[ToldKey, ToldState]:
    return {
        (subject, audience, event_type): ToldState(
            None if told_at is None else from_milliseconds(told_at), held_back, is_alarmed=bool(is_alarmed)
        )
        for subject, audience, event_type, told_at, held_back, is_alarmed in db.select(
            Told, _TOLD, key="subject", values=subjects
        )
    }


def _told_row(key: ToldKey, state: ToldState) -> Row:
    return (*key, state.told_at and to_milliseconds(state.told_at), state.held_back, state.is_alarmed)
