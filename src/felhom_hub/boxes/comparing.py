"""A controller's live file beside what the hub wants: what differs, and what a pull would store. Changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from felhom_hub.base.errors import Conflict
from felhom_hub.base.secrets import SecretsError
from felhom_hub.boxes.diff import Comparison, compare
from felhom_hub.boxes.live_file import open_live, read_live
from felhom_hub.boxes.models import Call
from felhom_hub.boxes.pull import Held, Pulled, pull
from felhom_hub.configs.documents import DocumentError, read_plain
from felhom_hub.configs.generate import generate
from felhom_hub.configs.queries import settings_of
from felhom_hub.configs.template import current_template
from felhom_hub.customers.credentials import machine_secrets
from felhom_hub.customers.models import Customer


@dataclass(frozen=True)
class Compared:
    """`comparison` is None for a manual customer, for which the hub has no file; `problem` where it cannot be made."""

    call: int
    read_at: datetime
    took: timedelta
    pulled: Pulled | None = None
    comparison: Comparison | None = None
    hub_sha256: str = ""
    problem: str = ""


def last_read(customer: Customer) -> Call | None:
    """The newest reading of the customer's live file that is still kept."""
    read = Call.objects.filter(customer=customer, kind=Call.Kind.COMPARE, state=Call.State.DONE).exclude(envelope="")
    return read.order_by("-pk").first()


def compared_with(customer: Customer, call: Call) -> Compared:
    """The reading beside what the hub wants now."""
    read_at, took = call.finished_at or call.asked_at, timedelta()
    if call.finished_at and call.started_at:
        took = call.finished_at - call.started_at
    try:
        live = read_live(open_live(call.envelope, call=call.pk))
        template = read_plain(current_template())
        held = held_of(customer)
        pulled = pull(live, template=template, held=held)
        if not customer.is_managed:
            return Compared(call.pk, read_at, took, pulled)
        generated = generate(customer)
        secrets = list(machine_secrets(customer).values())
        found = compare(read_plain(generated.yaml), live, template=template, secrets=secrets)
    except (Conflict, DocumentError, SecretsError) as error:
        sentence = error.sentence if isinstance(error, Conflict) else str(error)
        return Compared(call.pk, read_at, took, problem=f"{sentence.rstrip('.')}.")
    return Compared(call.pk, read_at, took, pulled, found, generated.sha256)


def held_of(customer: Customer) -> Held:
    """What the hub has of the customer; opens its tokens."""
    identity = {"name": customer.name, "email": customer.email, "domain": customer.domain}
    if not customer.is_managed:
        return Held(identity, settings_of(customer))
    return Held(identity, settings_of(customer), machine_secrets(customer))
