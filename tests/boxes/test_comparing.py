import pytest
from tests.boxes.conftest import KATA, Served, carry_out
from tests.build import NOW

from felhom_hub.boxes.ask import ask
from felhom_hub.boxes.comparing import compared_with, held_of, last_read
from felhom_hub.boxes.models import Call
from felhom_hub.configs.generate import generate
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.customers.held_keys import api_keys_held
from felhom_hub.customers.models import Customer

pytestmark = pytest.mark.django_db


def read(customer: Customer) -> Call:
    ask(Call.Kind.COMPARE, customer.customer_id, now=NOW, by=KATA)
    carry_out()
    found = last_read(customer)
    assert found is not None
    return found


def test_the_newest_reading_that_is_kept(customer: Customer, served: Served) -> None:
    assert last_read(customer) is None
    first = read(customer)
    served.box.key = "another"
    assert read(customer).pk == first.pk  # a later one that failed takes nothing away
    served.box.key = api_keys_held(customer, now=NOW)[0]
    assert read(customer).pk > first.pk
    Call.objects.update(envelope="")
    assert last_read(customer) is None


def test_both_directions_are_told(customer: Customer, served: Served) -> None:
    served.has(generate(customer).content + b"x: 1\n")

    found = compared_with(customer, read(customer))

    assert found.comparison is not None
    assert found.pulled is not None
    assert [line.key for line in found.comparison.differences] == ["x"]
    assert (found.pulled.added, found.hub_sha256, found.problem) == (("x",), generate(customer).sha256, "")


@pytest.mark.usefixtures("served")
def test_what_cannot_be_compared_is_said(customer: Customer) -> None:
    reading = read(customer)
    CustomerConfig.objects.create(customer=customer, overrides="a: [", changed_at=NOW)
    assert compared_with(customer, reading).problem

    reading.envelope = "v1:none:x:y"
    assert compared_with(customer, reading).problem


def test_tokens_of_a_manual_customer_are_none(customer: Customer) -> None:
    assert held_of(customer).identity["domain"] == "kiss.example.hu"
    customer.is_managed = False
    assert held_of(customer).tokens == {}
