import pytest
from tests.build import NOW
from tests.recovery.snapshots import body_of, send

from felhom_hub.configs.generate import generate
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.recovery.bundle import Bundle, bundle_of

pytestmark = pytest.mark.django_db


def test_the_bundle_has_the_configuration_and_the_newest_backup() -> None:
    add_customer("nagy", Details("Nagy", "nagy.example.hu", "n@example.hu"), now=NOW, by=COMMAND_LINE)
    customer = Customer.objects.get()
    assert bundle_of(customer) == Bundle(generate(customer).yaml, None)
    assert bundle_of(customer).words == "no snapshot yet"

    send(body_of(n=1), body_of(n=2))

    bundle = bundle_of(customer)
    assert bundle.infra_backup is not None
    assert (bundle.infra_backup.body, bundle.words) == (body_of(n=2), "with version 2")
