"""Tells of alarms that stand, later than they happened: what both kinds of it have in common (held.py, remind.py)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from django.db import transaction

from felhom_hub.base.db import Db
from felhom_hub.base.instants import rfc3339
from felhom_hub.events.catalogue import Severity
from felhom_hub.events.consequences import RecordedEvent
from felhom_hub.notify.basis import FLEET, Basis, alarm_key, later_inputs, read_basis
from felhom_hub.notify.deciding import Decided, decided, store_rows
from felhom_hub.notify.gather import gather_standing
from felhom_hub.notify.models import Alarm
from felhom_hub.notify.policy import Audience, Inputs, told_after

# To a transaction: the intake waits for its end.
BATCH = 250


@dataclass(frozen=True)
class Telling:
    """One audience that may be told of an alarm, and how its row is claimed."""

    alarm: Alarm
    audience: Audience
    kind: str  # ledger.py's `later`
    claim: Callable[[], bool]
    inputs: Callable[[Inputs], Inputs]

    def claims(self) -> bool:
        """True for whoever asks first, within the transaction that tells."""
        return self.claim()

    def decide(self, basis: Basis, now: datetime) -> Decided:
        """The decision as it is now."""
        event = _event(self.alarm)
        inputs = self.inputs(later_inputs(basis, event, self.audience, now=now))
        marks = {"later": self.kind, "since": rfc3339(self.alarm.since_at)}
        return decided(event, inputs, suppressed=basis.suppressed, now=now, marks=marks)


def tell_later(tellings: Sequence[Telling], *, now: datetime) -> int:
    """Whom nothing speaks against telling is told, once; returns of how many.

    What is looked at first without a lock is decided on again in the transaction that stores it. The fleet's alarms
    come first: an incident that is told tells of its nodes.
    """
    ordered = sorted(tellings, key=lambda each: (each.alarm.subject, each.alarm.pk, each.audience))
    due = list(_sent(ordered, _basis(ordered, now), now, is_ours=lambda _: True))
    return sum(
        _store([telling for telling, _ in due[begin : begin + BATCH]], now) for begin in range(0, len(due), BATCH)
    )


def _store(tellings: Sequence[Telling], now: datetime) -> int:
    with transaction.atomic():
        db, basis = Db(), _basis(tellings, now)
        told = [each for _, each in _sent(tellings, basis, now, is_ours=Telling.claims)]
        store_rows(db, [row for each in told for row in each.rows])
        basis.store_told(db)
        gather_standing({telling.alarm.event_id for telling in tellings}, now)
    return len(told)


def _basis(tellings: Iterable[Telling], now: datetime) -> Basis:
    return read_basis(Db(), {each.alarm.subject for each in tellings} - {FLEET}, at=now)


def _sent(
    tellings: Iterable[Telling], basis: Basis, now: datetime, *, is_ours: Callable[[Telling], bool]
) -> Iterator[tuple[Telling, Decided]]:
    """Those that are to be told, with the decision; the basis says after each what the audience knows then."""
    for telling in tellings:
        key = alarm_key(_event(telling.alarm))
        standing = basis.alarms.get(key)
        if standing is None or standing.pk != telling.alarm.pk:
            continue  # it has ended meanwhile
        found = telling.decide(basis, now)
        if not found.decision.is_sent or not is_ours(telling):
            continue
        basis.alarms[key] = replace(standing, waiting=standing.waiting - {telling.audience})
        after = told_after(found.inputs, found.decision, now)
        basis.told.update({(telling.alarm.subject, telling.audience, name): state for name, state in after.items()})
        yield telling, found


def _event(alarm: Alarm) -> RecordedEvent:
    event = alarm.event
    return RecordedEvent(
        event.pk, event.customer_id, event.event_type, cast("Severity", event.severity), event.message,
        event.details_json, event.source, event.created_at,
    )  # fmt: skip
