import pytest
from django.db import transaction
from tests.build import NOW, make_customer

from felhom_hub.base.errors import Impossible
from felhom_hub.base.secrets import open_text
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.tokens import change_tokens, checked_token, tokens_held
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

TUNNEL, API = Kind.CF_TUNNEL_TOKEN, Kind.CF_API_TOKEN
TOKEN = "eyJhIjoiMTIzNDU2Nzg5MCJ9"

pytestmark = pytest.mark.django_db


def change(customer: Customer, entered: dict[Kind, str], *removed: Kind) -> tuple[str, ...]:
    with transaction.atomic():
        return change_tokens(customer, entered, frozenset(removed), now=NOW, by=COMMAND_LINE)


def test_a_token_is_kept_sealed_for_its_customer_and_kind() -> None:
    customer = make_customer("a")

    assert change(customer, {TUNNEL: f" {TOKEN}\n", API: ""}) == ("cf_tunnel_token entered",)

    row = Credential.objects.get()
    assert open_text(row.envelope, purpose="cf_tunnel_token:a") == TOKEN
    assert TOKEN not in row.envelope
    assert tokens_held(customer) == {TUNNEL: NOW}
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.customer_id, entry.detail) == ("tokens_changed", "a", "cf_tunnel_token entered")


def test_a_replaced_or_removed_token_can_be_opened_by_nobody() -> None:
    customer = make_customer("a")
    change(customer, {TUNNEL: TOKEN, API: TOKEN})

    assert change(customer, {TUNNEL: TOKEN[::-1]}, API) == ("cf_tunnel_token replaced", "cf_api_token removed")

    assert set(tokens_held(customer)) == {TUNNEL}
    assert sorted(Credential.objects.exclude(revoked_at=None).values_list("kind", "envelope")) == [
        ("cf_api_token", ""),
        ("cf_tunnel_token", ""),
    ]
    assert change(customer, {}, API) == ()


@pytest.mark.parametrize("token", ["short", "cloudflared service install " + TOKEN, "á" * 30, "a" * 4097, TOKEN + "\0"])
def test_what_is_no_token_is_refused_without_repeating_it(token: str) -> None:
    with pytest.raises(Impossible) as caught:
        checked_token(token)
    assert token not in caught.value.sentence


def test_which_of_them_is_refused_is_said() -> None:
    """A pull stores what a box has, where no form has asked for each field before."""
    with pytest.raises(Impossible, match=r"^cf_api_token must be the token alone"):
        change(make_customer("a"), {TUNNEL: TOKEN, API: "short"})
