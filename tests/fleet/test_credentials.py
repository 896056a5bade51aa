import pytest
from tests.build import NOW, make_customer

from felhom_hub.customers.credentials import Kind, make_secrets
from felhom_hub.customers.models import Credential
from felhom_hub.customers.tokens import change_tokens
from felhom_hub.fleet.credentials import secret_row, secret_rows
from felhom_hub.operators.audit import COMMAND_LINE

pytestmark = pytest.mark.django_db


def test_only_what_is_held_is_listed_in_the_pages_order() -> None:
    customer = make_customer(is_managed=True)
    make_secrets(customer, now=NOW)
    assert [row.kind for row in secret_rows(customer)] == ["retrieval_password", "api_key", "session_secret"]

    change_tokens(customer, {Kind.CF_API_TOKEN: "t" * 40}, frozenset(), now=NOW, by=COMMAND_LINE)
    Credential.objects.filter(kind=Kind.API_KEY).update(revoked_at=NOW)

    assert [row.kind for row in secret_rows(customer)] == ["retrieval_password", "session_secret", "cf_api_token"]


def test_a_manual_customer_has_none() -> None:
    assert secret_rows(make_customer()) == []


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_has_its_row(kind: str) -> None:
    row = secret_row(kind)

    assert row is not None
    assert row.is_spoken is (kind == "retrieval_password")


@pytest.mark.parametrize("which", ["", "API_KEY", "password"])
def test_there_is_no_other(which: str) -> None:
    assert secret_row(which) is None
