"""All that a lost box is rebuilt from: its configuration as the hub makes it, and its newest infrastructure backup."""

from dataclasses import dataclass, field

from felhom_hub.configs.generate import generate
from felhom_hub.customers.models import Customer
from felhom_hub.recovery.queries import Content, content_of


@dataclass(frozen=True)
class Bundle:
    """The answer to who has the passphrase; the box's secrets are in it in the clear."""

    config_yaml: str = field(repr=False)
    infra_backup: Content | None

    @property
    def words(self) -> str:
        """What is in it, for the audit."""
        return "no snapshot yet" if self.infra_backup is None else f"with version {self.infra_backup.number}"


def bundle_of(customer: Customer) -> Bundle:
    """The customer's bundle; raises Conflict where the configuration cannot be made, and SecretsError."""
    return Bundle(generate(customer).yaml, content_of(customer))
