from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, make_customer

from felhom_hub.base.targets import Target
from felhom_hub.controllers.confirm import confirm_host
from felhom_hub.controllers.hosts import HostNotTrusted
from felhom_hub.controllers.queries import confirmed_hosts, target_for
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import Actor

pytestmark = pytest.mark.django_db

KATA = Actor("kata", "192.0.2.7")
DOMAIN = "kovacs.example.hu"
URL = "https://felhom.kovacs.example.hu"


def is_trusted(customer: Customer, url: str = URL) -> bool:
    try:
        return target_for(customer, url) is not None
    except HostNotTrusted:
        return False


def test_a_managed_customers_domain_is_trusted() -> None:
    customer = make_customer("anna", domain=DOMAIN, is_managed=True)

    assert target_for(customer, URL) == Target("https", "felhom.kovacs.example.hu", 443)


def test_a_manual_customers_host_is_confirmed_first_whatever_its_domain() -> None:
    customer = make_customer("anna", domain=DOMAIN, is_managed=False)

    assert not is_trusted(customer)
    confirm_host("anna", URL, now=NOW, by=KATA)
    assert is_trusted(customer)
    assert not is_trusted(customer, f"{URL}:8443")


def test_one_customers_confirmed_host_is_a_strangers_to_another() -> None:
    anna = make_customer("anna", domain="anna.hu", is_managed=True)
    bela = make_customer("bela", domain="bela.hu", is_managed=True)
    confirm_host("anna", "https://gw.provider.hu", now=NOW, by=KATA)

    assert is_trusted(anna, "https://gw.provider.hu")
    assert not is_trusted(bela, "https://gw.provider.hu")
    assert not is_trusted(bela, "https://felhom.anna.hu")


@pytest.mark.parametrize("ask", [confirmed_hosts, lambda customer: target_for(customer, "https://a.hu:1")])
def test_it_is_one_query_for_any_number_of_hosts(ask: Callable[[Customer], object]) -> None:
    customer = make_customer("anna")
    for port in range(1, 4):
        confirm_host("anna", f"https://a.hu:{port}", now=NOW, by=KATA)

    with CaptureQueriesContext(connection) as asked:
        ask(customer)
    assert len(asked) == 1
    assert [each.port for each in confirmed_hosts(customer)] == [1, 2, 3]
