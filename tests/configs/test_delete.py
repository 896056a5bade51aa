import pytest
from tests.build import NOW, incoming, make_customer, record

from felhom_hub.base.errors import NotFound
from felhom_hub.configs.delete import delete_with_config
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.queries import settings_of
from felhom_hub.configs.settings import Settings
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import COMMAND_LINE

pytestmark = pytest.mark.django_db


def test_the_settings_go_with_the_customer_and_do_not_come_back_with_it() -> None:
    record([incoming("a")])
    other = make_customer("b")
    for customer in Customer.objects.all():
        CustomerConfig.objects.create(customer=customer, overrides="a: 1", changed_at=NOW)

    assert delete_with_config("a", now=NOW, by=COMMAND_LINE)
    record([incoming("a", timestamp="2026-11-23T11:59:00Z")])

    assert settings_of(Customer.objects.get(customer_id="a")) == Settings()
    assert settings_of(other).overrides == "a: 1"
    with pytest.raises(NotFound):
        delete_with_config("nobody", now=NOW, by=COMMAND_LINE)
