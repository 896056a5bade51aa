from datetime import timedelta

import pytest
from tests.build import NOW, make_customer

from felhom_hub.base.errors import Impossible
from felhom_hub.customers.credentials import Kind, kinds_held, machine_secrets
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.customers.move_in import is_key_taken, move_customer_in
from felhom_hub.operators.audit import COMMAND_LINE

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef"


def move(customer_id: str = "a", details: Details | None = None, **secrets: str) -> Customer | None:
    given = {Kind(kind): secret for kind, secret in secrets.items()}
    return move_customer_in(
        customer_id,
        details or Details("Kovács", "", "k@example.hu"),
        given,
        created_at=NOW - timedelta(days=9),
        blocked_at=None,
        now=NOW,
        by=COMMAND_LINE,
    )


def test_what_was_given_is_kept_and_what_is_missing_is_made() -> None:
    customer = move(api_key=KEY, cf_api_token="t" * 40)

    assert customer is not None
    assert (customer.name, customer.domain, customer.is_managed) == ("Kovács", "", True)
    assert kinds_held(customer) == {Kind.API_KEY, Kind.RETRIEVAL_PASSWORD, Kind.SESSION_SECRET, Kind.CF_API_TOKEN}
    assert machine_secrets(customer)[Kind.API_KEY] == KEY
    assert (is_key_taken(KEY, for_customer="b"), is_key_taken("other", for_customer="b")) == (True, False)
    assert not is_key_taken(KEY, for_customer="a")


def test_a_manual_customer_keeps_what_it_has_and_is_as_old_as_it_was_elsewhere() -> None:
    make_customer("a", name="reported", town="Győr", blocked_at=NOW)

    customer = move(details=Details("", "a.example.hu", ""))

    assert customer is not None
    assert (customer.name, customer.domain, customer.town) == ("reported", "a.example.hu", "Győr")
    assert (customer.created_at, customer.blocked_at) == (NOW - timedelta(days=9), NOW)


def test_nothing_here_is_overwritten_and_no_deletion_undone() -> None:
    make_customer("a", is_managed=True, name="Here")
    make_customer("b", deleted_at=NOW)

    assert (move("a", api_key=KEY), move("b", api_key=KEY)) == (None, None)
    assert not is_key_taken(KEY, for_customer="c")
    assert Customer.objects.get().name == "Here"
    with pytest.raises(Impossible):
        move("../a")
