from dataclasses import replace

import pytest
from tests.build import NOW, make_customer

from felhom_hub.boxes.reach import Way, reach_of
from felhom_hub.controllers.confirm import confirm_host
from felhom_hub.operators.audit import Actor

pytestmark = pytest.mark.django_db

OWN = "https://felhom.kiss.example.hu"
OTHER = "https://192.0.2.9:8443"


def test_under_the_domain_the_way_is_open() -> None:
    reach = reach_of(make_customer("a", domain="kiss.example.hu", is_managed=True), OWN)

    assert (reach.way, reach.is_open, reach.sentence, reach.host) == (Way.OPEN, True, "", "felhom.kiss.example.hu:443")
    assert reach.target is not None


def test_another_host_has_to_be_confirmed() -> None:
    customer = make_customer("a", domain="kiss.example.hu", is_managed=True)

    reach = reach_of(customer, OTHER)
    assert (reach.way, reach.target, reach.host) == (Way.UNCONFIRMED, None, "192.0.2.9:8443")
    confirm_host("a", OTHER, now=NOW, by=Actor("kata"))
    assert reach_of(customer, OTHER).is_open


@pytest.mark.parametrize(
    ("url", "way"), [(None, Way.NO_ADDRESS), ("", Way.NO_ADDRESS), ("https://u@felhom.kiss.example.hu", Way.REFUSED)]
)
def test_where_nothing_can_be_called(url: str | None, way: Way) -> None:
    reach = reach_of(make_customer("a", domain="kiss.example.hu", is_managed=True), url)

    assert (reach.way, reach.is_open, reach.host) == (way, False, "")
    assert reach.sentence


def test_a_blocked_customers_is_not_called_whatever_it_says() -> None:
    customer = make_customer("a", domain="kiss.example.hu", is_managed=True, blocked_at=NOW)

    assert reach_of(customer, OWN) == replace(reach_of(customer, None), way=Way.BLOCKED)
