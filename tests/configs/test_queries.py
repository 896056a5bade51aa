from typing import Any

import pytest
from tests.build import NOW, make_customer

from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.queries import details_of, fingerprint, own_thresholds, settings_of, stored_values
from felhom_hub.configs.settings import Settings
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Credential, Customer

pytestmark = pytest.mark.django_db


def test_who_has_no_row_has_the_defaults() -> None:
    customer = make_customer("a", name="Anna", town="Győr")

    assert settings_of(customer) == Settings()
    assert details_of(customer) == Details("Anna", "", "", "Győr")
    assert stored_values(customer)["town"] == "Győr"


@pytest.mark.parametrize("count", [1, 3])
def test_the_lines_of_many_customers_cost_one_query(count: int, django_assert_num_queries: Any) -> None:
    customers = [make_customer(f"c{number}") for number in range(count + 1)]
    for customer in customers[:count]:
        CustomerConfig.objects.create(customer=customer, thresholds={"disk_high": 90}, changed_at=NOW)
    CustomerConfig.objects.create(customer=customers[count], overrides="a: 1", changed_at=NOW)

    with django_assert_num_queries(1):
        found = own_thresholds([customer.pk for customer in customers])

    assert found == {customer.pk: {"disk_high": 90} for customer in customers[:count]}


def test_the_fingerprint_changes_with_everything_that_the_form_shows() -> None:
    customer = make_customer("a")
    seen = [fingerprint(customer)]
    Customer.objects.update(note="x")
    customer.refresh_from_db()
    seen.append(fingerprint(customer))
    CustomerConfig.objects.create(customer=customer, log_level="debug", changed_at=NOW)
    seen.append(fingerprint(customer))
    Credential.objects.create(customer=customer, kind="cf_api_token", envelope="x", created_at=NOW)
    seen.append(fingerprint(customer))

    assert len(set(seen)) == 4
    assert fingerprint(customer) == seen[-1]
