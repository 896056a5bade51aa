"""The secrets that a customer's page lists: what each is for, and never what it is."""

from dataclasses import dataclass

from felhom_hub.customers.credentials import Kind, kinds_held
from felhom_hub.customers.models import Customer


@dataclass(frozen=True, slots=True)
class SecretRow:
    """A secret that is held; `is_spoken` marks one to be read out on the phone."""

    kind: str
    label: str
    hint: str
    is_spoken: bool = False


_ROWS = (
    SecretRow(Kind.RETRIEVAL_PASSWORD.value, "Retrieval password", "For recovery, easy to read out on the phone", True),
    SecretRow(Kind.API_KEY.value, "Hub API key", "Used by this controller only"),
    SecretRow(Kind.SESSION_SECRET.value, "Session secret", "Controller web login"),
    SecretRow(Kind.CF_TUNNEL_TOKEN.value, "Cloudflare tunnel token", "Lets the tunnel connect"),
    SecretRow(Kind.CF_API_TOKEN.value, "Cloudflare API token", "Zone DNS:Edit and Zone WAF:Edit"),
)


def secret_rows(customer: Customer) -> list[SecretRow]:
    """What the customer has, in the order of the page; nothing is opened, and a manual customer has none."""
    held = kinds_held(customer) if customer.is_managed else set()
    return [row for row in _ROWS if row.kind in held]


def secret_row(which: str) -> SecretRow | None:
    """The row of a kind, or None when there is no such kind."""
    return next((row for row in _ROWS if row.kind == which), None)
