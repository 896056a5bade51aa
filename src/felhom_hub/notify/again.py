"""Sends a failed message again, as a new delivery: the failed one stays what it is."""

import json
import uuid
from datetime import datetime

from django.db import transaction

from felhom_hub.base.errors import Conflict, NotFound
from felhom_hub.notify.channels import CHANNELS, DEFAULT_CHANNEL
from felhom_hub.notify.models import Delivery, Preferences
from felhom_hub.notify.suppressions import plain, suppressed
from felhom_hub.operators.audit import Actor, record_audit


def send_again(delivery_pk: int, *, now: datetime, by: Actor) -> int:
    """A new delivery to the present address is queued; returns its number, the same however often it is asked for.

    Raises NotFound, and Conflict for what has not failed or has nowhere to go.
    """
    with transaction.atomic():
        # The row is locked, so that two clicks make one message.
        failed = (
            Delivery.objects.select_for_update(of=("self",)).select_related("customer").filter(pk=delivery_pk).first()
        )
        if failed is None:
            raise NotFound(f"There is no message {delivery_pk}")
        again = Delivery.objects.filter(again_of=failed).first()
        if again is not None:
            return again.pk
        recipient = _recipient(failed)
        if failed.result != Delivery.Result.FAILED:
            raise Conflict("Only a failed message can be sent again")
        if not recipient:
            raise Conflict("No address is known")
        held = suppressed([recipient]) if failed.channel == DEFAULT_CHANNEL else {}
        if held:
            raise Conflict(f"{held[plain(recipient)].capitalize()}, so it is not mailed any more")
        new = Delivery.objects.create(
            customer=failed.customer,
            event_id=failed.event_id,
            again_of=failed,
            event_type=failed.event_type,
            audience=failed.audience,
            channel=failed.channel,
            recipient=recipient,
            result=Delivery.Result.QUEUED,
            inputs=json.dumps({**json.loads(failed.inputs), "again_of": failed.pk}),
            key=str(uuid.uuid4()),
            next_at=now,
            at=now,
        )
        Delivery.objects.filter(gathered_in=failed).update(gathered_in=new)  # a summary tells of the same ones
        customer_id = failed.customer.customer_id if failed.customer else ""
        record_audit("delivery_sent_again", by=by, now=now, customer_id=customer_id)
    return new.pk


def _recipient(failed: Delivery) -> str:
    if failed.audience == Delivery.Audience.OPERATOR:
        return CHANNELS[failed.channel].operator_recipient()
    if failed.customer is None:
        return ""
    email = Preferences.objects.filter(customer=failed.customer).values_list("email", flat=True).first()
    return email or ""
