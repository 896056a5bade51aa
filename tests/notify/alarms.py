"""Alarms that stand, as the hub's own events make them."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from tests.build import NOW, make_customer

from felhom_hub.base.db import Db
from felhom_hub.customers.models import Customer
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.notify.models import Delivery, Preferences
from felhom_hub.watch.models import Incident, IncidentNode

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def hub_event(customer: Customer | None, event_type: str, severity: Any, *, at: datetime, **details: object) -> None:
    """The hub has found it."""
    written = json.dumps(details) if details else ""
    with transaction.atomic():
        event = HubEvent(customer.pk if customer else None, event_type, severity, "", written)
        record_hub_events(Db(), [event], now=at)


def fall(customer: Customer, at: datetime = NOW, **details: object) -> None:
    """The node is down."""
    hub_event(customer, "node_down", "error", at=at, **details)


def recover(customer: Customer, at: datetime, **details: object) -> None:
    """The node reports again."""
    hub_event(customer, "node_recovered", "info", at=at, **details)


def begin_incident(customers: Iterable[Customer], at: datetime = NOW) -> Incident:
    """They have fallen silent together, which is told before each of them is."""
    nodes = list(customers)
    incident = Incident.objects.create(
        opened_at=at,
        silent_since_at=at - 30 * MINUTE,
        from_at=at - HOUR,
        until_at=at,
        nodes=len(nodes),
        fleet=len(nodes) + 5,
    )
    for customer in nodes:
        IncidentNode.objects.create(incident=incident, customer=customer, heard_at=at - 30 * MINUTE, joined_at=at)
    hub_event(None, "hub_incident_began", "error", at=at, incident=incident.pk)
    return incident


def end_incident(incident: Incident, at: datetime) -> None:
    """It is over, and told."""
    Incident.objects.filter(pk=incident.pk).update(ended_at=at)
    IncidentNode.objects.filter(incident=incident).update(left_at=at)
    hub_event(None, "hub_incident_ended", "info", at=at, incident=incident.pk)


def wished(customer_id: str, *types: str) -> Customer:
    """A customer that wants to be told of these."""
    customer = make_customer(customer_id)
    Preferences.objects.create(
        customer=customer,
        email=f"{customer_id}@example.hu",
        enabled_events=json.dumps(types),
        cooldown_hours=6,
        set_by="controller",
        updated_at=NOW,
    )
    return customer


def told(audience: str = "operator") -> list[tuple[str, str, datetime]]:
    """What is on its way to the audience: about whom, of what, and when that was decided."""
    rows = Delivery.objects.filter(audience=audience, result="queued").order_by("pk")
    return [(row.customer.customer_id if row.customer else "", row.event_type, row.at) for row in rows]


def reasons(audience: str = "operator") -> list[tuple[str, str]]:
    """What was decided about each event, by its type."""
    return list(Delivery.objects.filter(audience=audience).order_by("pk").values_list("event_type", "reason"))
