"""The keys that a customer's controller may have, for the hub to call it with."""

from datetime import datetime

from felhom_hub.base.secrets import open_text
from felhom_hub.customers.credentials import Kind, purpose_of
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.validity import holding

_MOST = 3


def api_keys_held(customer: Customer, *, now: datetime) -> list[str]:
    """The customer's API keys that hold, the newest first: a box has an older one until it is told.

    Raises SecretsError when one cannot be opened.
    """
    rows = Credential.objects.filter(holding(now), customer=customer, kind=Kind.API_KEY).exclude(envelope="")
    envelopes = rows.order_by("-pk").values_list("envelope", flat=True)[:_MOST]
    return [open_text(each, purpose=purpose_of(Kind.API_KEY, customer.customer_id)) for each in envelopes]
