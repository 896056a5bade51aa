"""A test message of one channel: it goes the way of every message, but before all others, and is tried once."""

import json
import time
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from felhom_hub.base.errors import Conflict, NotFound
from felhom_hub.base.schedule import ask_run, load_jobs
from felhom_hub.notify.channels import CHANNELS
from felhom_hub.notify.models import Delivery
from felhom_hub.operators.audit import Actor, record_audit

TRIAL = "test"  # the catalogue's type; a message of it that has no event is a trial
# So long a page waits to show the provider's answer at once; what takes longer is seen on its next refresh.
WAIT_SECONDS = 3.0
_LOOK_SECONDS = 0.05
_MAX_DIGITS = 18
_DELIVERING = "notify.deliver_messages"  # the job
_BEFORE_ALL = timedelta(days=2)  # nothing that waits is due for longer


def is_trial(delivery: Delivery) -> bool:
    """True for a test message that the operator asked for."""
    return delivery.event_type == TRIAL and delivery.event_id is None


def try_channel(kind: str, *, now: datetime, by: Actor) -> int:
    """A test message to the operator is queued; returns its number, the same while one is still on its way.

    Raises NotFound, and Conflict where the channel is not set up.
    """
    channel = CHANNELS.get(kind)
    if channel is None:
        raise NotFound("There is no such channel")
    recipient = channel.operator_recipient()
    if not channel.provider():
        raise Conflict(f"The channel is not set up: set {channel.needs}")
    if not recipient:
        raise Conflict("The operator has no address: set notifications.operator_email")
    with transaction.atomic():
        waiting = Delivery.objects.filter(event_type=TRIAL, event=None, channel=kind, result=Delivery.Result.QUEUED)
        under_way = waiting.first()
        if under_way is not None:
            return under_way.pk
        trial = Delivery.objects.create(
            event_type=TRIAL,
            audience=Delivery.Audience.OPERATOR,
            channel=kind,
            recipient=recipient,
            result=Delivery.Result.QUEUED,
            inputs=json.dumps({"severity": "info", "cooldown_hours": 0}),
            key=str(uuid.uuid4()),
            next_at=now - _BEFORE_ALL,
            at=now,
        )
        record_audit("channel_tested", by=by, now=now, detail=channel.label)
    return trial.pk


def wait_for(deliveries: Collection[int], *, now: datetime) -> None:
    """The job that delivers was asked to run; returns when these messages have ended, or after a few seconds."""
    load_jobs()  # a process that only serves pages has no job loop that did
    ask_run(_DELIVERING, now)
    deadline = time.monotonic() + WAIT_SECONDS
    under_way = Delivery.objects.filter(pk__in=deliveries, result=Delivery.Result.QUEUED)
    while under_way.exists() and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)


def trial_of(written: str) -> Delivery | None:
    """The test message with that number, as an address says it."""
    if not (written.isascii() and written.isdecimal() and len(written) <= _MAX_DIGITS):
        return None
    return Delivery.objects.filter(pk=int(written), event_type=TRIAL, event=None).first()
