"""Decides of every new event who is told, in the event's own transaction: one row for each audience and channel.

Registered with `events/consequences.py`. As many statements for a batch however many events it has. An event whose
decision fails becomes a failed row; the event itself, and with it the intake, never fails for it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

from felhom_hub.base.db import Db, Row
from felhom_hub.events.consequences import RecordedEvent
from felhom_hub.notify.basis import FLEET, Basis, alarm_key, inputs_of, read_basis
from felhom_hub.notify.deciding import Decided, count_silenced, decided, failed_row, store_rows
from felhom_hub.notify.policy import AUDIENCES, Audience, told_after
from felhom_hub.notify.situation import incident_of
from felhom_hub.notify.standing import INCIDENT_BEGAN, INCIDENT_ENDED, ended_by, standing_after, stands, waits_after

log = structlog.get_logger(__name__)

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


def route_events(db: Db, events: Sequence[RecordedEvent]) -> None:
    """What was decided about the events, and which alarms stand then, is stored when their transaction commits."""
    pks = {event.customer_pk for event in events if event.customer_pk is not None}
    basis = read_basis(db, pks, at=max(event.created_at for event in events))
    decisions: list[Decided] = []
    rows: list[Row] = []
    for event in events:
        of_event: dict[Audience, Decided] = {}
        for audience in AUDIENCES if event.customer_pk is not None else AUDIENCES[:1]:
            try:
                inputs = inputs_of(basis, event, audience, is_notice=_are_notices.get())
                of_event[audience] = decided(event, inputs, suppressed=basis.suppressed, now=event.created_at)
                rows += of_event[audience].rows
            except Exception as error:
                log.exception("decision_failed", event_type=event.event_type, audience=audience)
                rows.append(failed_row(event, audience, error))
        decisions += of_event.values()
        _note(basis, event, of_event)
    store_rows(db, rows)
    count_silenced(decisions)
    basis.store_told(db)
    basis.store_alarms(db)


def _note(basis: Basis, event: RecordedEvent, decisions: dict[Audience, Decided]) -> None:
    """The basis says what the audiences know after the event, and which alarms stand."""
    subject = event.customer_pk or FLEET
    _note_alarm(basis, event, decisions)
    for audience, each in decisions.items():
        after = told_after(each.inputs, each.decision, event.created_at)
        basis.told.update({(subject, audience, name): state for name, state in after.items()})


def _note_alarm(basis: Basis, event: RecordedEvent, decisions: dict[Audience, Decided]) -> None:
    subject = event.customer_pk or FLEET
    if event.event_type == INCIDENT_ENDED:
        basis.alarms.pop((FLEET, INCIDENT_BEGAN, incident_of(event.event_type, event.details_json)), None)
    for name in ended_by(event.event_type):
        basis.alarms.pop((subject, name, ""), None)
    if not stands(event.event_type, event.severity):
        return
    key = alarm_key(event)
    before = basis.alarms.get(key)
    waiting = frozenset(
        audience
        for audience, each in decisions.items()
        if waits_after(
            each.decision,
            was_waiting=before is not None and audience in before.waiting,
            # Of the fleet's alarms each is another: to have been told of one says nothing of the next.
            was_told=subject != FLEET and each.inputs.told.is_alarmed,
        )
    )
    incident = incident_of(event.event_type, event.details_json) if subject else ""
    basis.alarms[key] = standing_after(before, event.pk, event.created_at, incident=incident, waiting=waiting)
