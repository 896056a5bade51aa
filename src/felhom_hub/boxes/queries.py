"""Questions about calls to a customer's controller: what is under way, what came last."""

from datetime import datetime

from felhom_hub.boxes.models import Call
from felhom_hub.boxes.progress import Progress, progress_of
from felhom_hub.boxes.reach import Reach, reach_of
from felhom_hub.customers.models import Customer
from felhom_hub.reports.summary import NodeFacts


def newest_call(customer_pk: int) -> Call | None:
    """The call that was asked for last, without its live file; one query."""
    return Call.objects.filter(customer_id=customer_pk).defer("envelope").order_by("-pk").first()


def last_push(customer_pk: int) -> Call | None:
    """The newest push that the controller has taken; one query."""
    done = Call.objects.filter(customer_id=customer_pk, kind=Call.Kind.PUSH, state=Call.State.DONE)
    return done.defer("envelope").order_by("-pk").first()


def progress_now(customer_pk: int, node: NodeFacts | None, *, now: datetime) -> Progress | None:
    """How far the newest call is; None where there is none to be told of."""
    call = newest_call(customer_pk)
    if call is None:
        return None
    version, at = (node.controller_version, node.last_received_at) if node else (None, None)
    return progress_of(call, version=version, reported_at=at, now=now)


def reach_now(customer: Customer, node: NodeFacts | None) -> Reach:
    """The way to the customer's controller, by the address that it reported last."""
    return reach_of(customer, node.controller_url if node else None)
