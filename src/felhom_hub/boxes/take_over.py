"""Takes a controller's live file over: what differs is stored as if the operator had entered it."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from felhom_hub.base.errors import Conflict, Impossible
from felhom_hub.base.secrets import keyring
from felhom_hub.boxes.comparing import held_of
from felhom_hub.boxes.live_file import open_live, read_live
from felhom_hub.boxes.models import Call
from felhom_hub.boxes.pull import Pulled, pull
from felhom_hub.configs.documents import DocumentError, read_plain
from felhom_hub.configs.overrides import problem_of
from felhom_hub.configs.queries import details_of, fingerprint
from felhom_hub.configs.save import Entered, adopt_config, save_config
from felhom_hub.configs.template import current_template
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import locked_customer
from felhom_hub.operators.audit import Actor, record_audit


def take_over(customer_id: str, number: int, *, seen: str, now: datetime, by: Actor) -> Pulled:
    """The hub has what the reading `number` holds; a manual customer is managed by that. Returns what was stored.

    `seen` is the fingerprint of what the operator compared it with. Raises NotFound, Conflict when something was
    changed since or the reading is not kept any more, Impossible for values against their rules, SecretsError.
    """
    keyring()  # may make a file, which does not belong into a transaction
    with transaction.atomic():
        customer = locked_customer(customer_id)
        call = Call.objects.filter(customer=customer, pk=number, kind=Call.Kind.COMPARE).exclude(envelope="").first()
        if call is None:
            raise Conflict("What was read is not kept any more; compare again")
        if fingerprint(customer) != seen:
            raise Conflict(f"{customer_id} was changed since it was compared")
        pulled = _pulled(customer, call)
        if not customer.is_managed:
            adopt_config(customer_id, domain="", now=now, by=by)
            customer.refresh_from_db()
        entered = Entered(
            replace(details_of(customer), **pulled.identity),
            pulled.settings,
            {Kind(kind): token for kind, token in pulled.tokens.items()},
        )
        save_config(customer_id, entered, seen=fingerprint(customer), now=now, by=by)
        counts = ((pulled.changed, "changed"), (pulled.added, "added"), (pulled.dropped, "dropped"))
        detail = ", ".join(f"{len(keys)} {word}" for keys, word in counts)
        record_audit("config_pulled", by=by, now=now, customer_id=customer_id, detail=detail)
    return pulled


def _pulled(customer: Customer, call: Call) -> Pulled:
    try:
        live = read_live(open_live(call.envelope, call=call.pk))
        pulled = pull(live, template=read_plain(current_template()), held=held_of(customer))
    except DocumentError as error:
        raise Conflict(f"It cannot be taken over: {error}".removesuffix(".")) from None
    if problem := problem_of(pulled.settings.overrides):
        raise Impossible(f"The overrides would not be valid. {problem}".removesuffix("."))
    return pulled
