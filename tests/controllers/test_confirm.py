from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.build import NOW, make_customer

from felhom_hub.base.errors import Impossible, NotFound
from felhom_hub.controllers.confirm import confirm_host, withdraw_host
from felhom_hub.controllers.models import ConfirmedHost
from felhom_hub.controllers.queries import Confirmed, confirmed_hosts
from felhom_hub.customers.delete import delete_customer
from felhom_hub.operators.audit import Actor
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

KATA = Actor("kata", "192.0.2.7")
LATER = NOW + timedelta(hours=1)
URL = "https://GW.Provider.hu.:8443/box"


def audit() -> list[tuple[str, str, str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("actor", "action", "customer_id", "detail"))


def test_a_host_is_confirmed_once_for_one_customer() -> None:
    anna, bela = make_customer("anna"), make_customer("bela")

    assert confirm_host("anna", URL, now=NOW, by=KATA) is True
    assert confirm_host("anna", "https://gw.provider.hu:8443", now=LATER, by=Actor("bea", "")) is False

    assert confirmed_hosts(anna) == [Confirmed("gw.provider.hu", 8443, NOW, "kata")]
    assert confirmed_hosts(bela) == []
    assert audit() == [("kata", "controller_host_confirmed", "anna", "gw.provider.hu:8443")]


def test_a_withdrawn_host_is_not_confirmed_any_more() -> None:
    anna, bela = make_customer("anna"), make_customer("bela")
    confirm_host("anna", URL, now=NOW, by=KATA)
    confirm_host("anna", "https://gw.provider.hu", now=NOW, by=KATA)
    confirm_host("bela", URL, now=NOW, by=KATA)

    assert [withdraw_host("anna", URL, now=LATER, by=KATA) for _ in range(2)] == [True, False]

    assert [each.port for each in confirmed_hosts(anna)] == [443]
    assert [each.port for each in confirmed_hosts(bela)] == [8443]
    assert audit()[-1] == ("kata", "controller_host_withdrawn", "anna", "gw.provider.hu:8443")


@pytest.mark.parametrize("verb", [confirm_host, withdraw_host])
def test_what_could_not_be_called_is_refused(verb: type) -> None:
    make_customer("anna")

    with pytest.raises(Impossible, match="cannot be confirmed: it may hold no user or password"):
        verb("anna", "https://gw.provider.hu@evil.hu", now=NOW, by=KATA)
    with pytest.raises(NotFound):
        verb("nobody", URL, now=NOW, by=KATA)
    assert ConfirmedHost.objects.count() == 0
    assert audit() == []


def test_a_deleted_customer_has_no_confirmed_hosts() -> None:
    make_customer("anna")
    bela = make_customer("bela")
    confirm_host("anna", URL, now=NOW, by=KATA)
    confirm_host("bela", URL, now=NOW, by=KATA)

    delete_customer("anna", now=NOW, by=KATA)

    assert [row.customer_id for row in ConfirmedHost.objects.all()] == [bela.pk]


@pytest.mark.parametrize("columns", [{"port": 0}, {"port": 65536}, {"host": ""}])
def test_the_database_refuses_a_place_that_is_none(columns: dict[str, object]) -> None:
    row = {"host": "gw.provider.hu", "port": 443, "confirmed_at": NOW, "confirmed_by": "kata", **columns}
    customer = make_customer("anna")

    with pytest.raises(IntegrityError), transaction.atomic():
        ConfirmedHost.objects.create(customer=customer, **row)
