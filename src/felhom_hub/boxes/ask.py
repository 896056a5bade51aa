"""Asks for a call to a controller, and takes it back as long as nothing was sent."""

from datetime import datetime

from django.db import transaction

from felhom_hub.base.errors import Conflict, NotFound
from felhom_hub.base.schedule import JOBS, ask_run
from felhom_hub.base.secrets import keyring
from felhom_hub.boxes.models import Call
from felhom_hub.configs.generate import generate
from felhom_hub.controllers.releases import offer_now
from felhom_hub.customers.queries import locked_customer
from felhom_hub.operators.audit import Actor, record_audit
from felhom_hub.reports.wanted import withdraw as withdraw_wanted

JOB = "boxes.carry_out_calls"
_OPEN = (Call.State.WAITING, Call.State.RUNNING)
_ACTIONS = {
    Call.Kind.COMPARE: "live_config_asked",
    Call.Kind.PUSH: "config_push_asked",
    Call.Kind.UPDATE: "controller_update_asked",
}


def ask(kind: Call.Kind, customer_id: str, *, now: datetime, by: Actor, seen_sha256: str = "") -> Call:
    """The call waits to be carried out; where one of its kind is open already, that one is returned.

    `seen_sha256` is of the file that the operator was shown; empty where none was. Raises NotFound, Conflict for a
    blocked customer, for a configuration that cannot be made or was changed since.
    """
    keyring()  # may make a file, which does not belong into a transaction
    with transaction.atomic():
        customer = locked_customer(customer_id)
        if customer.blocked_at is not None:
            raise Conflict(f"{customer_id} is blocked")
        standing = Call.objects.filter(customer=customer, kind=kind, state__in=_OPEN).first()
        if standing is not None:
            return standing
        _replace_left(customer.pk, kind, now)
        sha256 = generate(customer).sha256 if kind is Call.Kind.PUSH else ""
        if seen_sha256 and seen_sha256 != sha256:
            raise Conflict(f"The configuration of {customer_id} was changed since it was compared")
        call = Call.objects.create(
            customer=customer,
            kind=kind,
            asked_at=now,
            asked_by=by.name,
            address=by.address,
            sha256=sha256,
            version=offer_now().newest if kind is Call.Kind.UPDATE else "",
        )
        record_audit(_ACTIONS[kind], by=by, now=now, customer_id=customer_id)
    if JOB in JOBS:  # of a serving hub; any other finds the call when it looks
        ask_run(JOB, now)
    return call


def _replace_left(customer_pk: int, kind: Call.Kind, now: datetime) -> None:
    """What was left for the next report gives way to a newer wish of its kind."""
    left = Call.objects.filter(customer_id=customer_pk, kind=kind, state=Call.State.LEFT)
    if left.update(state=Call.State.WITHDRAWN, finished_at=now, sentence="Asked for anew."):
        withdraw_wanted(customer_pk)


def withdraw(customer_id: str, number: int, *, now: datetime, by: Actor) -> bool:
    """The call is not made any more; False when it has begun or ended. Raises NotFound."""
    with transaction.atomic():
        customer = locked_customer(customer_id)
        rows = Call.objects.filter(customer=customer, pk=number)
        if not rows.exists():
            raise NotFound(f"{customer_id} has no call {number}")
        if rows.filter(state=Call.State.LEFT).exists():
            withdraw_wanted(customer.pk)
        possible = rows.filter(state__in=(Call.State.WAITING, Call.State.LEFT))
        is_changed = possible.update(state=Call.State.WITHDRAWN, finished_at=now, sentence="Withdrawn.") > 0
        if is_changed:
            kind = rows.values_list("kind", flat=True).get()
            record_audit("controller_call_withdrawn", by=by, now=now, customer_id=customer_id, detail=kind)
    return is_changed


def forget_customer(customer_pk: int) -> None:
    """No call of the customer is kept, in the caller's transaction; one that runs finds its row gone."""
    Call.objects.filter(customer_id=customer_pk).delete()
