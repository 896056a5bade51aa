"""A managed customer and the passphrase that opens its door."""

from tests.build import NOW

from felhom_hub.customers.credentials import reveal_secrets
from felhom_hub.customers.details import Details
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import COMMAND_LINE


def managed_customer(customer_id: str = "nagy") -> str:
    """There is such a customer; its passphrase."""
    add_customer(customer_id, Details("Nagy", "nagy.example.hu", "n@example.hu"), now=NOW, by=COMMAND_LINE)
    passphrase = reveal_secrets(customer_id, now=NOW, by=COMMAND_LINE).retrieval_password
    assert passphrase is not None
    return passphrase
