"""Opens an incident where many fall silent together, and ends it when they report again; each is told once.

Whoever is overdue at the opening belongs to it from then on, although its own silence is told later, marked with the
incident: the first of many stands for all of them.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from django.db import transaction
from django.db.models import F, Q

from felhom_hub.base.db import Db
from felhom_hub.base.instants import rfc3339, to_milliseconds
from felhom_hub.base.words import count_words, number_words, span_words
from felhom_hub.customers.models import Customer
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.reports.allowance import allowances
from felhom_hub.watch.common_cause import (
    IncidentRules,
    Silent,
    Traits,
    common_trait,
    fallen_together,
    is_over,
    sentence,
)
from felhom_hub.watch.deaf_time import Span, stopped_time
from felhom_hub.watch.models import Incident, IncidentNode, NodeLevel

# A report that is later than this is missing: no network holds one up for longer.
LATE = timedelta(minutes=1)
_NO_ALLOWANCE = timedelta()

_MEMBER = ("incident_id", "customer_id", "heard_at", "joined_at", "left_at", "is_back")
_TRAITS = ("node__controller_version", "town", "domain")


def members() -> dict[int, int]:
    """The nodes of open incidents: the customer's key, and its incident."""
    return dict(IncidentNode.objects.filter(left_at=None).values_list("customer_id", "incident_id"))


def open_incident(
    now: datetime, rules: IncidentRules, *, deaf: Sequence[Span], late: timedelta, period: timedelta, zone: tzinfo
) -> bool:
    """Where many fell silent together and belong to no incident, one is there now, and told; else False.

    `late` is the silence, in hearing time, from which on a node counts as fallen silent.
    """
    levels = (NodeLevel.Level.HEARD, NodeLevel.Level.STALE)
    watched = Customer.objects.filter(blocked_at=None, node_level__level__in=levels)
    open_members = IncidentNode.objects.filter(left_at=None).values("customer_id")
    rows = watched.exclude(pk__in=open_members).values_list("pk", "node__last_received_at", *_TRAITS)
    nodes = [Silent(pk, last_at, Traits(*(each or "" for each in traits))) for pk, last_at, *traits in rows]
    later = allowances()
    overdue = [
        node
        for node in nodes
        if now - node.last_heard_at - stopped_time(deaf, since=node.last_heard_at, now=now, period=period)
        >= late + later.get(node.customer_pk, _NO_ALLOWANCE)
    ]
    fleet = watched.count()
    group = fallen_together(overdue, fleet=fleet, rules=rules)
    if not group:
        return False
    pks = {node.customer_pk for node in group}
    trait = common_trait(
        [node.traits for node in group], (each.traits for each in nodes if each.customer_pk not in pks)
    )
    return _store(group, fleet, trait, now=now, window=rules.window, zone=zone)


def _store(group: Sequence[Silent], fleet: int, trait: str, *, now: datetime, window: timedelta, zone: tzinfo) -> bool:
    pks = [node.customer_pk for node in group]
    first, last = group[0].last_heard_at, group[-1].last_heard_at
    with transaction.atomic():
        db = Db()
        # Another hub that opens one for the same nodes waits here, and then finds them taken.
        db.select(NodeLevel, ("customer_id",), key="customer_id", values=pks, lock=True)
        taken = db.select(IncidentNode, ("left_at",), key="customer_id", values=pks)
        if any(left_at is None for (left_at,) in taken):
            return False
        incident = Incident.objects.create(
            opened_at=now,
            silent_since_at=last,
            from_at=last - window,
            until_at=first + window,
            nodes=len(group),
            fleet=fleet,
            trait=trait,
        )
        _add(db, incident.pk, {node.customer_pk: node.last_heard_at for node in group}, now=now)
        message = sentence(nodes=len(group), fleet=fleet, since=last, trait=trait, zone=zone)
        details = {"incident": incident.pk, "nodes": len(group), "fleet": fleet, "silent_since": rfc3339(last)}
        record_hub_events(db, [HubEvent(None, "hub_incident_began", "error", message, json.dumps(details))], now=now)
    return True


def join_incidents(db: Db, fallen: Mapping[int, datetime], *, now: datetime) -> dict[int, int]:
    """Those who fell silent with an open incident, by the time of their last report, belong to it: key and incident."""
    joined: dict[int, int] = {}
    for incident in Incident.objects.filter(ended_at=None).order_by("pk"):
        new = {pk: at for pk, at in fallen.items() if pk not in joined and incident.from_at <= at <= incident.until_at}
        if new:
            _add(db, incident.pk, new, now=now)
            Incident.objects.filter(pk=incident.pk).update(nodes=F("nodes") + len(new))
            joined |= dict.fromkeys(new, incident.pk)
    return joined


def _add(db: Db, incident_pk: int, nodes: Mapping[int, datetime], *, now: datetime) -> None:
    joined_ms = to_milliseconds(now)
    rows = [(incident_pk, pk, to_milliseconds(at), joined_ms, None, False) for pk, at in sorted(nodes.items())]
    db.insert(IncidentNode, _MEMBER, rows)


def end_incidents(now: datetime, *, period: timedelta) -> int:
    """Who is heard again has left, and what is over has ended and was told; returns how many ended.

    Where few are left, their next report may be on its way: they have one period before they are single failures.
    """
    open_pks = list(Incident.objects.filter(ended_at=None).values_list("pk", flat=True))
    if not open_pks:
        return 0
    is_heard = Q(customer__node_level__level=NodeLevel.Level.HEARD, customer__node__last_received_at__gt=F("heard_at"))
    is_of_no_account = Q(customer__blocked_at__isnull=False) | Q(customer__deleted_at__isnull=False)
    with transaction.atomic():
        still = IncidentNode.objects.filter(left_at=None)
        for condition, is_back in ((is_heard, True), (is_of_no_account, False)):
            gone = still.filter(condition).values("pk")
            IncidentNode.objects.filter(pk__in=gone).update(left_at=now, is_back=is_back)
        return sum(_end(incident_pk, now, period) for incident_pk in open_pks)


def _end(incident_pk: int, now: datetime, period: timedelta) -> bool:
    incident = Incident.objects.get(pk=incident_pk)
    still = IncidentNode.objects.filter(incident=incident, left_at=None)
    silent = still.count()
    few_since_at = (incident.few_since_at or now) if is_over(nodes=incident.nodes, silent=silent) else None
    if few_since_at is None or (silent and now - few_since_at < period):
        if few_since_at != incident.few_since_at:
            Incident.objects.filter(pk=incident_pk).update(few_since_at=few_since_at)
        return False
    _tell_end(incident, now)
    return True


def _tell_end(incident: Incident, now: datetime) -> None:
    still = IncidentNode.objects.filter(incident=incident, left_at=None)
    names = sorted(still.values_list("customer__customer_id", flat=True))
    # Another hub may end it at this moment.
    if not Incident.objects.filter(pk=incident.pk, ended_at=None).update(ended_at=now):
        return
    still.update(left_at=now)
    back = IncidentNode.objects.filter(incident=incident, is_back=True).count()
    lasted = span_words(now - incident.silent_since_at)
    message = f"{number_words(back)} of {count_words(incident.nodes, 'node')} report again after {lasted}."
    if names:
        message += f" Still silent: {', '.join(names)}."
    details = {"incident": incident.pk, "nodes": incident.nodes, "back": back, "still_silent": names}
    record_hub_events(Db(), [HubEvent(None, "hub_incident_ended", "info", message, json.dumps(details))], now=now)
