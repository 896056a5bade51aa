"""Looks for silence: a node's level moves on and its event is recorded in one transaction, and so exactly once.

Decided is from one reading of those for whom something may have changed. What was decided holds only for rows that
are still as they were read, which are locked while they change: of two checks that overlap one finds nothing left.

The event of a node that belongs to an incident says so in its details: the incident is told in its place. Likewise
what is damped of an unsteady node.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Q

from felhom_hub.base.db import Db
from felhom_hub.base.instants import from_milliseconds, rfc3339, to_milliseconds
from felhom_hub.base.pace import AT_ONCE, Pace
from felhom_hub.base.words import span_words
from felhom_hub.customers.models import Customer
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.reports.allowance import silent_before, silent_since
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.status import Thresholds
from felhom_hub.watch.common_cause import IncidentRules
from felhom_hub.watch.deaf_time import Span, stopped_time
from felhom_hub.watch.incidents import LATE, end_incidents, join_incidents, members, open_incident
from felhom_hub.watch.models import NodeLevel
from felhom_hub.watch.transitions import Known, Level, Step, message_of, next_step
from felhom_hub.watch.unsteady import FALLS, WINDOW, is_damped, is_unsteady, with_fall

# Nodes in one transaction: the intake waits for it, and on SQLite nobody else writes meanwhile.
BATCH = 250

_NAMES = ("customer_id", "level", "since_at", "heard_at", "is_told", "falls", "is_unsteady")
_IS_BACK = ~Q(node_level__level=Level.HEARD) & Q(node__last_received_at__gt=F("node_level__heard_at"))
_CANDIDATE = ("level", "heard_at", "is_told", "falls", "is_unsteady")


@dataclass(frozen=True)
class Change:
    """One node's step, with what it was decided from."""

    customer_pk: int
    known: Known | None
    step: Step
    last_heard_at: datetime
    falls: Sequence[datetime] = ()  # those before this step
    is_unsteady: bool = False

    @property
    def is_fall(self) -> bool:
        """True where a node that was heard has fallen silent."""
        return self.known is not None and self.known.level is Level.HEARD and self.step.event_type is not None


@dataclass(frozen=True)
class Rules:
    """What a check decides by: thresholds, when the hub was deaf, how often nodes report, and what is one cause.

    Without `incidents` every node is told alone. `zone` is for the times in sentences. With so many `falls` a node is
    unsteady; it never is where they are more than are remembered.
    """

    thresholds: Thresholds
    deaf: Sequence[Span]
    period: timedelta
    incidents: IncidentRules | None = None
    zone: tzinfo = UTC
    falls: int = FALLS


class Looked(NamedTuple):
    """How many nodes a check found at another level, and how many it saw for the first time."""

    changed: int
    seen: int


def check_silence(now: datetime, rules: Rules, pace: Pace = AT_ONCE) -> Looked:
    """Every node has the level that it has at `now`, and its event where that is another; counts are returned.

    Rests after each transaction. A hub that stops meanwhile leaves the others to the next check (Interrupted).
    """
    changes = list(_changes(now, rules))
    if rules.incidents is not None and any(change.is_fall for change in changes):
        late = min(rules.thresholds.stale, rules.period + LATE)
        open_incident(now, rules.incidents, deaf=rules.deaf, late=late, period=rules.period, zone=rules.zone)
    incidents = members() if changes else {}
    applied: list[Change] = []
    for begin in range(0, len(changes), BATCH):
        applied += _apply(changes[begin : begin + BATCH], incidents, now, rules.falls)
        pace.rest()
    end_incidents(now, period=rules.period)
    settle(now)
    seen = sum(change.known is None for change in applied)
    return Looked(len(applied) - seen, seen)


def is_anybody_back() -> bool:
    """True where a node that counts as silent has been heard since; reads the silent ones only, which are few."""
    silent = NodeLevel.objects.filter(level__in=(Level.STALE, Level.DOWN))  # as the index wants it
    heard_since = Q(customer__node__last_received_at__gt=F("heard_at"))
    return silent.filter(heard_since, customer__blocked_at=None).exists()


def _changes(now: datetime, rules: Rules) -> Iterator[Change]:
    for pk, last_heard_at, allowance, level, heard_at, is_told, falls, unsteady in _candidates(now, rules.thresholds):
        known = None if level is None else Known(Level(level), heard_at, is_told)
        step = next_step(
            known,
            last_heard_at=last_heard_at,
            stopped=stopped_time(rules.deaf, since=last_heard_at, now=now, period=rules.period),
            now=now,
            thresholds=rules.thresholds.later_by(timedelta(milliseconds=allowance)),
        )
        if step is not None:
            before = [from_milliseconds(each) for each in json.loads(falls or "[]")]
            yield Change(pk, known, step, last_heard_at, before, unsteady is True)


def _candidates(now: datetime, thresholds: Thresholds) -> Iterator[tuple[Any, ...]]:
    """Those for whom something may have changed, whatever the clocks say: as few as possible of ten thousand."""
    unseen = Q(node_level__isnull=True)
    later = Q(silent_since(now - thresholds.stale), node_level__level=Level.HEARD)
    much_later = Q(silent_before(now - thresholds.down), node_level__level=Level.STALE)
    nodes = Customer.objects.filter(unseen | later | much_later | _IS_BACK, blocked_at=None, node__isnull=False)
    columns = (f"node_level__{name}" for name in _CANDIDATE)
    yield from nodes.order_by("pk").values_list("pk", "node__last_received_at", "node__allowance_ms", *columns)


def _apply(changes: Sequence[Change], incidents: Mapping[int, int], now: datetime, falls: int) -> list[Change]:
    """Those of the changes that still hold are stored with their events, and returned."""
    with transaction.atomic():
        db = Db()
        holding = _still_holding(db, changes)
        rows = [_row(change, now, falls) for change in holding]
        db.insert(NodeLevel, _NAMES, rows, on_conflict="update", key=("customer_id",))
        alone = {each.customer_pk: each.last_heard_at for each in holding if each.is_fall}
        alone = {pk: at for pk, at in alone.items() if pk not in incidents}
        incidents = {**incidents, **(join_incidents(db, alone, now=now) if alone else {})}
        record_hub_events(db, [event for each in holding for event in _events(each, incidents, now, falls)], now=now)
    return holding


def _still_holding(db: Db, changes: Sequence[Change]) -> list[Change]:
    """The changes without those that another check has made, and of nodes that have been heard in the meantime."""
    pks = [change.customer_pk for change in changes]
    new = [_row(change, change.last_heard_at, FALLS) for change in changes if change.known is None]
    made = {pk for (pk,) in db.insert(NodeLevel, _NAMES, new, on_conflict="ignore", returning=("customer_id",))}
    levels = {row[0]: row[1:] for row in db.select(NodeLevel, _NAMES, key="customer_id", values=pks, lock=True)}
    heard: dict[int, int] = dict(
        db.select(NodeState, ("customer_id", "last_received_at"), key="customer_id", values=pks)
    )
    return [
        change
        for change in changes
        if heard.get(change.customer_pk) == to_milliseconds(change.last_heard_at)
        and (change.customer_pk in made if change.known is None else _is(change.known, levels.get(change.customer_pk)))
    ]


def _is(known: Known, row: tuple[object, ...] | None) -> bool:
    if row is None:
        return False
    level, _, heard_at, is_told, *_ = row
    return (level, heard_at, bool(is_told)) == (known.level, to_milliseconds(known.heard_at), known.is_told)


def _row(change: Change, since: datetime, least: int) -> tuple[object, ...]:
    known, falls = change.step.known, _falls_after(change, since)
    written = json.dumps([to_milliseconds(each) for each in falls])
    unsteady = change.is_unsteady or is_unsteady(falls, least)
    since_ms, heard_ms = to_milliseconds(since), to_milliseconds(known.heard_at)
    return change.customer_pk, known.level, since_ms, heard_ms, known.is_told, written, unsteady


def _falls_after(change: Change, now: datetime) -> Sequence[datetime]:
    return with_fall(change.falls, now) if change.is_fall else change.falls


def _events(change: Change, incidents: Mapping[int, int], now: datetime, least: int) -> list[HubEvent]:
    event_type = change.step.event_type
    if event_type is None or change.known is None:
        return []
    before_at = change.known.heard_at
    message = message_of(event_type, last_heard_at=change.last_heard_at, before_at=before_at, now=now)
    details: dict[str, object] = {"last_report_at": rfc3339(change.last_heard_at)}
    if event_type == "node_recovered":
        details["silent_since"] = rfc3339(before_at)
    if change.customer_pk in incidents:
        details["incident"] = incidents[change.customer_pk]
    unsteady = change.is_unsteady or is_unsteady(_falls_after(change, now), least)
    if unsteady and is_damped(event_type, was_down=change.known.level is Level.DOWN):
        details["unsteady"] = True
    events = [HubEvent(change.customer_pk, event_type, change.step.severity, message, json.dumps(details))]
    if unsteady and not change.is_unsteady:
        words = f"Fell silent {FALLS} times within {span_words(WINDOW)}."
        events.append(HubEvent(change.customer_pk, "node_unsteady", "warning", words))
    return events


def settle(now: datetime) -> int:
    """Who was unsteady and has reported for a whole window since is steady, and told so; returns how many."""
    heard = NodeLevel.objects.filter(is_unsteady=True, level=Level.HEARD, since_at__lte=now - WINDOW)
    pks = list(heard.values_list("pk", flat=True))
    # Of two checks that overlap one finds nothing left, as with the levels.
    for pk in pks:
        with transaction.atomic():
            if heard.filter(pk=pk).update(is_unsteady=False, falls="[]"):
                words = f"Reports without a break for {span_words(WINDOW)}."
                record_hub_events(Db(), [HubEvent(pk, "node_steady", "info", words)], now=now)
    return len(pks)
