from datetime import timedelta
from typing import cast

import pytest
from django.test import RequestFactory
from tests.build import GLOBAL_KEY, NOW, make_api_key, make_customer

from felhom_hub.base.arrival import HubRequest
from felhom_hub.base.errors import Unauthorized
from felhom_hub.base.proxies import Client
from felhom_hub.customers.auth import CustomerCaller, GlobalCaller, digest_of
from felhom_hub.customers.bearer import bearer_of
from felhom_hub.customers.models import Credential
from felhom_hub.customers.uses import Use, take_uses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_noted() -> None:
    take_uses()


def request_with(key: str) -> HubRequest:
    request = cast("HubRequest", RequestFactory().get("/", headers={"Authorization": f"Bearer {key}"}))
    request.now, request.client = NOW, Client("192.0.2.7", is_tls=True)
    return request


def test_a_customers_key_counts_as_used() -> None:
    customer = make_customer("a")
    key = make_api_key(customer)

    assert bearer_of(request_with(key)) == CustomerCaller(customer.pk, "a", is_blocked=False)
    assert take_uses() == (Use(digest_of(key), "192.0.2.7", NOW),)


def test_the_global_key_and_nobodys_do_not() -> None:
    key = make_api_key(make_customer("a"))
    Credential.objects.update(holds_until=NOW - timedelta(seconds=1))

    assert bearer_of(request_with(GLOBAL_KEY)) == GlobalCaller()
    for wrong in (key, "nobodys"):
        with pytest.raises(Unauthorized):
            bearer_of(request_with(wrong))
    assert take_uses() == ()
