import pytest
from tests.build import NOW, make_customer

from felhom_hub.base.errors import NotFound
from felhom_hub.configs.delete import delete_with_config
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import Actor

BY = Actor("operator")

pytestmark = pytest.mark.django_db


def test_customer_and_configuration_go_together() -> None:
    CustomerConfig.objects.create(customer=make_customer("a"), overrides="a: 1", changed_at=NOW)
    CustomerConfig.objects.create(customer=make_customer("b"), overrides="b: 1", changed_at=NOW)

    assert delete_with_config("a", now=NOW, by=BY)

    assert list(Customer.objects.values_list("customer_id", flat=True)) == ["b"]
    assert CustomerConfig.objects.get().overrides == "b: 1"


def test_nobody_is_deleted_twice() -> None:
    make_customer("a")
    delete_with_config("a", now=NOW, by=BY)

    with pytest.raises(NotFound):
        delete_with_config("a", now=NOW, by=BY)
