"""Makes one message of many in place of a flood: of what a provider's absence has held up, or a silence.

The first is made when the provider is back, after its first message, so that one absence makes one summary for each
recipient. What may have been accepted already stays a message of its own: only its own key can tell.
"""

import json
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, QuerySet

from felhom_hub.notify.models import Delivery

# No event's types: these messages have no event.
SUMMARY = "hub_messages_held_up"
STANDING = "hub_alarms_stand"  # alarms that are told, or reminded of, at the same moment
LATE = timedelta(minutes=10)  # a message that waited less is worth one of its own
FEW = 3  # so many are read more easily one by one


def gather_late(channel: str, now: datetime) -> int:
    """Every recipient of more than a few late messages gets one summary of them; returns how many were gathered."""
    late = Delivery.objects.filter(
        channel=channel,
        result=Delivery.Result.QUEUED,
        at__lt=now - LATE,
        lease_until=None,
        is_uncertain=False,
        event__isnull=False,
    )
    crowded = late.values("audience", "recipient").annotate(count=Count("pk")).filter(count__gt=FEW)
    return sum(_gather(late, SUMMARY, each["audience"], each["recipient"], now) for each in list(crowded))


def gather_standing(events: Collection[int], now: datetime) -> int:
    """Of more than a few standing alarms that were queued at `now`, the operator gets one message a channel; likewise.

    In the transaction that queues them, so that no worker has claimed one of them yet.
    """
    queued = Delivery.objects.filter(
        event_id__in=events, audience=Delivery.Audience.OPERATOR, result=Delivery.Result.QUEUED, at=now, attempts=0
    )
    crowded = queued.values("channel", "recipient").annotate(count=Count("pk")).filter(count__gt=FEW)
    return sum(
        _gather(queued.filter(channel=each["channel"]), STANDING, "operator", each["recipient"], now)
        for each in list(crowded)
    )


def _gather(late: QuerySet[Delivery], kind: str, audience: str, recipient: str, now: datetime) -> int:
    with transaction.atomic():
        # Locked, so that no worker claims one of them meanwhile, and no second hub gathers them too.
        rows = list(late.select_for_update().filter(audience=audience, recipient=recipient).order_by("at", "pk"))
        if len(rows) <= FEW:
            return 0
        customers = {row.customer_id for row in rows}
        summary = Delivery.objects.create(
            customer_id=customers.pop() if len(customers) == 1 else None,
            event_type=kind,
            audience=audience,
            channel=rows[0].channel,
            recipient=recipient,
            result=Delivery.Result.QUEUED,
            inputs=json.dumps({"severity": _worst(rows), "cooldown_hours": 0}),
            key=str(uuid.uuid4()),
            next_at=now,
            at=now,
        )
        return Delivery.objects.filter(pk__in=[row.pk for row in rows], result=Delivery.Result.QUEUED).update(
            result=Delivery.Result.SKIPPED,
            reason=f"told in the summary {summary.pk}",
            gathered_in=summary,
            content="",
            next_at=None,
            ended_at=now,
        )


def _worst(rows: list[Delivery]) -> str:
    severities = {json.loads(row.inputs).get("severity", "info") for row in rows}
    return next(each for each in ("error", "warning", "info") if each in severities)
