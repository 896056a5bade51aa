"""Reads what became of a run: which event was decided when and of whom, and which of them the operator was told."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from felhom_hub.events.models import Event
from felhom_hub.notify.models import Delivery
from felhom_hub.notify.standing import INCIDENT_ENDED as ENDED
from felhom_hub.simulation.fleet import number_of
from felhom_hub.simulation.hub import Hub
from felhom_hub.simulation.judge import Alarm, Kind
from felhom_hub.simulation.provider import Provider
from felhom_hub.watch.models import IncidentNode

_KINDS: Mapping[str, Kind] = {
    "node_stale": "stale",
    "node_down": "down",
    "hub_incident_began": "incident",
    "node_unsteady": "unsteady",
}


@dataclass(frozen=True)
class Decided:
    """One event of the hub's, in true time: about whom, and when each was heard last."""

    event_type: str
    numbers: tuple[int, ...]
    heard: tuple[int, ...]
    at: int
    incident: int | None = None  # that tells of it, or that it is


@dataclass
class Record:
    """What the hub has decided, look by look."""

    decided: dict[int, Decided] = field(default_factory=dict)
    last_pk: int = 0
    # When what was told later than it happened was decided on, by the delivery's key.
    later: dict[int, int] = field(default_factory=dict)
    # Who was silent still when an incident ended, and when that was.
    left: list[tuple[int, int]] = field(default_factory=list)

    def note_later(self, at: int) -> None:
        """What has been decided on anew since was decided at `at`."""
        rows = Delivery.objects.filter(
            pk__gt=max(self.later, default=0), event__isnull=False, inputs__contains='"later"'
        )
        self.later |= dict.fromkeys(rows.values_list("pk", flat=True), at)

    def note(self, at: int, hub: Hub) -> None:
        """The events since the look before were decided at `at`."""
        rows = Event.objects.filter(pk__gt=self.last_pk).order_by("pk")
        for pk, event_type, customer_pk, details in rows.values_list("pk", "event_type", "customer_id", "details_json"):
            self.last_pk = pk
            found = json.loads(details or "{}")
            incident = found.get("incident")
            pks = [customer_pk] if customer_pk is not None else _members(event_type, incident)
            if event_type == ENDED:
                self.left += [(number_of(name), at) for name in found["still_silent"]]
            numbers = tuple(hub.numbers[each] for each in pks)
            heard = tuple(hub.heard_at(each, at) for each in numbers)
            self.decided[pk] = Decided(event_type, numbers, heard, at, incident)

    def events(self) -> Counter[str]:
        """How many there were of each type."""
        return Counter(each.event_type for each in self.decided.values())


def _members(event_type: str, incident: int | None) -> list[int]:
    if event_type != "hub_incident_began" or incident is None:
        return []
    return list(IncidentNode.objects.filter(incident_id=incident).values_list("customer_id", flat=True))


@dataclass(frozen=True)
class Mail:
    """What became of the messages."""

    messages: int  # accepted by the provider
    to_operator: int
    lost: int  # given up, or not sent though nothing speaks against it
    doubled: int  # accepted twice
    gathered: int  # told in a summary
    gatherings: int
    reminders: int
    deaf_time_told: int
    tries: int


def alarms_of(record: Record, provider: Provider) -> list[Alarm]:
    """The alarms that reached the operator, in a message of their own or in a summary."""
    found: list[Alarm] = []
    incidents: dict[int, Alarm] = {}
    for each in _told(provider):
        decided = record.decided.get(each.event_pk)
        if decided is None or decided.event_type not in _KINDS or each.is_reminder:
            continue
        at = record.later.get(each.delivery_pk, decided.at)
        alarm = Alarm(_KINDS[decided.event_type], decided.numbers, decided.heard, at, each.at)
        found.append(alarm)
        if alarm.kind == "incident" and decided.incident is not None:
            incidents[decided.incident] = alarm
    return [*found, *_joined(record, incidents)]


def _joined(record: Record, incidents: Mapping[int, Alarm]) -> Iterator[Alarm]:
    """Those who fell silent with an incident after it was told."""
    for decided in record.decided.values():
        alarm = incidents.get(decided.incident or 0)
        if alarm is not None and decided.event_type in {"node_stale", "node_down"}:
            told_at = max(alarm.told_at, decided.at)
            yield Alarm("incident", decided.numbers, decided.heard, decided.at, told_at, is_message=False)


class _Told(NamedTuple):
    """One event of which the operator was told, alone or in a summary."""

    at: int
    delivery_pk: int
    event_pk: int
    is_reminder: bool


def _told(provider: Provider) -> Iterator[_Told]:
    mine = Delivery.objects.filter(audience="operator")
    columns = ("key", "gathered_in__key", "pk", "event_id", "inputs")
    by_key: dict[str, list[tuple[int, int, bool]]] = {}
    for key, summary_key, pk, event_pk, inputs in mine.filter(event__isnull=False).values_list(*columns):
        if summary_key or key:
            is_reminder = json.loads(inputs).get("later") == "reminder"
            by_key.setdefault(summary_key or key, []).append((pk, event_pk, is_reminder))
    for accepted in provider.accepted:
        for each in by_key.get(accepted.key, ()):
            yield _Told(accepted.at, *each)


def mail_of(provider: Provider) -> Mail:
    """What became of all messages, the customers' too."""
    keys = Counter(each.key for each in provider.accepted)
    known = dict(Delivery.objects.filter(key__isnull=False).values_list("key", "result"))
    gathered = Delivery.objects.filter(gathered_in__isnull=False)
    sent = {key for key, result in known.items() if result == Delivery.Result.SENT}
    failed = Delivery.objects.filter(result=Delivery.Result.FAILED).count()
    return Mail(
        messages=len(keys),
        to_operator=sum(each.recipient == provider.operator_recipient() for each in provider.accepted),
        lost=failed + len(sent - set(keys)),
        doubled=sum(keys.values()) - len(keys),
        gathered=gathered.count(),
        gatherings=gathered.values("gathered_in").distinct().count(),
        reminders=sum(each.is_reminder for each in _told(provider)),
        deaf_time_told=Delivery.objects.filter(event_type="hub_deaf", result="sent").count(),
        tries=provider.tries,
    )
