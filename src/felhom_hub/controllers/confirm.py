"""Confirms hosts for a customer's controller, and withdraws them. Each is kept in the audit."""

from datetime import datetime

from django.db import transaction

from felhom_hub.base.errors import Impossible
from felhom_hub.base.targets import Target, TargetError, target_of
from felhom_hub.controllers.models import ConfirmedHost
from felhom_hub.customers.queries import locked_customer
from felhom_hub.operators.audit import Actor, record_audit


def confirm_host(customer_id: str, controller_url: str, *, now: datetime, by: Actor) -> bool:
    """Key and configuration of the customer may go to this host and port; False when they could already.

    The address is the one that the operator has read, which may not be the last reported by now. Raises NotFound, or
    Impossible for an address that could not be called.
    """
    target = _target(controller_url)
    with transaction.atomic():
        customer = locked_customer(customer_id)
        _, is_new = ConfirmedHost.objects.get_or_create(
            customer=customer,
            host=target.host,
            port=target.port,
            defaults={"confirmed_at": now, "confirmed_by": by.name},
        )
        if is_new:
            record_audit("controller_host_confirmed", by=by, now=now, customer_id=customer_id, detail=target.place)
    return is_new


def withdraw_host(customer_id: str, controller_url: str, *, now: datetime, by: Actor) -> bool:
    """The host is not confirmed any more, from the next call on; False when it was not. Raises as `confirm_host`."""
    target = _target(controller_url)
    with transaction.atomic():
        customer = locked_customer(customer_id)
        there = ConfirmedHost.objects.filter(customer=customer, host=target.host, port=target.port)
        is_changed = there.delete()[0] > 0
        if is_changed:
            record_audit("controller_host_withdrawn", by=by, now=now, customer_id=customer_id, detail=target.place)
    return is_changed


def forget_customer(customer_pk: int) -> None:
    """No host is confirmed for the customer any more; in the caller's transaction."""
    ConfirmedHost.objects.filter(customer_id=customer_pk).delete()


def _target(controller_url: str) -> Target:
    try:
        return target_of(controller_url)
    except TargetError as error:
        raise Impossible(f"The controller's address cannot be confirmed: {error}") from None
