"""An incident, its servers, its events and what was decided about them, for the pages that show it."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from tests.build import incoming, record

from felhom_hub.base.db import Db
from felhom_hub.customers.models import Customer
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.watch.models import Incident, IncidentNode, NodeLevel

MINUTE = timedelta(minutes=1)


def say(now: datetime, *events: HubEvent) -> None:
    """The hub has found these."""
    with transaction.atomic():
        record_hub_events(Db(), list(events), now=now)


def make_server(customer_id: str, *, heard_at: datetime, **members: Any) -> Customer:
    """A server that reported then for the last time, and that the hub watches."""
    record([incoming(customer_id, received_at=heard_at, customer_name=f"Ügyfél {customer_id}", **members)])
    customer = Customer.objects.get(customer_id=customer_id)
    NodeLevel.objects.create(customer=customer, level="heard", since_at=heard_at, heard_at=heard_at, is_told=True)
    return customer


def open_incident(now: datetime, silent: Sequence[Customer], *, fleet: int, trait: str = "") -> Incident:
    """The servers have been silent for 47 minutes, and 28 minutes ago that was told; each has its own event as well."""
    opened_at, heard_at = now - 28 * MINUTE, now - 47 * MINUTE
    incident = Incident.objects.create(
        opened_at=opened_at, silent_since_at=heard_at, from_at=heard_at - 20 * MINUTE, until_at=now,
        nodes=len(silent), fleet=fleet, trait=trait,
    )  # fmt: skip
    for customer in silent:
        IncidentNode.objects.create(incident=incident, customer=customer, heard_at=heard_at, joined_at=opened_at)
    details = {"incident": incident.pk, "nodes": len(silent)}
    message = f"{len(silent)} of {fleet} nodes silent since 12:13."
    say(opened_at, HubEvent(None, "hub_incident_began", "error", message, json.dumps(details)))
    of_node = json.dumps({"last_report_at": "", "incident": incident.pk})
    say(
        opened_at + MINUTE,
        *(HubEvent(each.pk, "node_stale", "warning", "No report for 30 min", of_node) for each in silent),
    )
    return incident


def end_incident(now: datetime, incident: Incident, left_behind: Sequence[str] = ()) -> None:
    """All are back but for these, and that was told."""
    members = IncidentNode.objects.filter(incident=incident, left_at=None)
    members.exclude(customer__customer_id__in=left_behind).update(left_at=now - 5 * MINUTE, is_back=True)
    IncidentNode.objects.filter(incident=incident, left_at=None).update(left_at=now)
    Incident.objects.filter(pk=incident.pk).update(ended_at=now)
    details = {"incident": incident.pk, "nodes": incident.nodes}
    say(now, HubEvent(None, "hub_incident_ended", "info", "They report again.", json.dumps(details)))
