import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, make_customer

from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.queries import fingerprint, own_thresholds, settings_of, stored_values
from felhom_hub.configs.settings import Settings
from felhom_hub.customers.models import Customer

pytestmark = pytest.mark.django_db


def test_a_customer_without_settings_has_the_defaults() -> None:
    assert settings_of(make_customer()) == Settings()


def test_the_forms_values_are_those_that_are_stored() -> None:
    customer = make_customer(name="Kovács", town="Győr")
    CustomerConfig.objects.create(customer=customer, thresholds={"disk_high": 90.0}, log_level="debug", changed_at=NOW)

    values = stored_values(customer)

    assert (values["name"], values["town"], values["disk_high"], values["log_level"]) == (
        "Kovács", "Győr", "90", "debug",
    )  # fmt: skip


def test_the_fingerprint_changes_with_whatever_the_form_shows() -> None:
    customer = make_customer(name="Kovács")
    seen = {fingerprint(customer)}
    Customer.objects.update(town="Győr")
    customer.refresh_from_db()
    seen.add(fingerprint(customer))
    CustomerConfig.objects.create(customer=customer, overrides="a: 1", changed_at=NOW)
    seen.add(fingerprint(customer))

    assert len(seen) == 3
    assert fingerprint(customer) in seen


def test_own_lines_of_many_customers_take_one_query() -> None:
    customers = [make_customer(str(number)) for number in range(3)]
    CustomerConfig.objects.create(customer=customers[0], thresholds={"cpu_high": 70.0}, changed_at=NOW)
    CustomerConfig.objects.create(customer=customers[1], changed_at=NOW)

    with CaptureQueriesContext(connection) as queries:
        own = own_thresholds([customer.pk for customer in customers])

    assert (own, len(queries)) == ({customers[0].pk: {"cpu_high": 70.0}}, 1)
