"""Makes a customer's controller.yaml of the template and of what the hub knows: same inputs, same bytes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from django.conf import settings

from felhom_hub.base.errors import Conflict
from felhom_hub.base.secrets import SecretsError
from felhom_hub.configs.documents import Document, DocumentError, document, read_again
from felhom_hub.configs.intent import Box, intent
from felhom_hub.configs.masking import MASK, masked
from felhom_hub.configs.merge import Plain
from felhom_hub.configs.queries import sealed_settings, settings_in, settings_of
from felhom_hub.configs.render import put, render
from felhom_hub.configs.settings import Settings
from felhom_hub.configs.template import current_template
from felhom_hub.customers.credentials import kinds_held, machine_secrets, opened, sealed_machine_secrets
from felhom_hub.customers.models import Customer

_AT_ONCE = 400  # customers; Django takes 999 variables in a statement on SQLite


@dataclass(frozen=True)
class Generated:
    """The file that a box is to have; it holds the customer's secrets in the clear."""

    yaml: str = field(repr=False)

    @property
    def content(self) -> bytes:
        """The bytes that go over the wire."""
        return self.yaml.encode()

    @property
    def sha256(self) -> str:
        """Of the bytes, in hex: the `config_hash` that a controller which has the file reports (contract 9)."""
        return sha256(self.content).hexdigest()


def generate(customer: Customer) -> Generated:
    """The managed customer's file; raises Conflict for one that cannot be made, with the reason, and SecretsError."""
    return _made(customer, machine_secrets(customer), dict)


def preview(customer: Customer) -> str:
    """The same as it may be shown: secrets are masked, the template's and the overrides' too. Opens no credential."""
    secrets = {kind.value: MASK for kind in kinds_held(customer)}
    made = _made(customer, secrets, masked)
    return render(made.yaml, masked(read_again(made.yaml)))


def generate_all(template: Document | None = None) -> Iterator[tuple[Customer, Generated | str]]:
    """Each managed customer with its file, or with the sentence that says why there is none; in bounded memory.

    With `template` as if that were the one that holds. Three queries for a few hundred customers.
    """
    chosen = document_of(current_template()) if template is None else template
    for customer, wanted in wanted_of_all():
        try:
            yield customer, wanted if isinstance(wanted, str) else _laid_over(chosen, wanted)
        except DocumentError as error:
            yield customer, str(error)


def wanted_of_all() -> Iterator[tuple[Customer, dict[str, Plain] | str]]:
    """Each managed customer with what is laid over the template, secrets included, or with why that is not known."""
    managed, last = Customer.objects.filter(is_managed=True).order_by("pk"), 0
    while customers := list(managed.filter(pk__gt=last)[:_AT_ONCE]):
        last = customers[-1].pk
        entered, sealed = sealed_settings(customers), sealed_machine_secrets(customers)
        for customer in customers:
            try:
                secrets = opened(sealed.get(customer.pk, {}), customer.customer_id)
                wanted = _wanted(customer, secrets, settings_in(entered.get(customer.pk), customer.customer_id))
            except (DocumentError, SecretsError) as error:
                yield customer, str(error)
            else:
                yield customer, wanted


def _made(
    customer: Customer, secrets: Mapping[str, str], shown: Callable[[Mapping[str, Plain]], dict[str, Plain]]
) -> Generated:
    if not customer.is_managed:
        raise Conflict(f"{customer.customer_id} has no configuration yet")
    try:
        wanted = _wanted(customer, secrets, settings_of(customer))
        return _laid_over(document_of(current_template()), shown(wanted))
    except DocumentError as error:
        raise Conflict(f"The configuration of {customer.customer_id} cannot be made: {error}") from None


def _wanted(customer: Customer, secrets: Mapping[str, str], entered: Settings) -> dict[str, Plain]:
    box = Box(
        customer_id=customer.customer_id,
        name=customer.name,
        domain=customer.domain,
        email=customer.email,
        hub_url=settings.HUB.server.public_url or "",
        secrets=secrets,
    )
    return intent(box, entered)


def _laid_over(template: Document, wanted: Mapping[str, Plain]) -> Generated:
    return Generated(put(template, wanted))


@lru_cache(maxsize=2)
def document_of(template: str) -> Document:
    """The template, read once; raises DocumentError."""
    return document(template)
