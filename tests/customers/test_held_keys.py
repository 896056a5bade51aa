import pytest
from tests.build import NOW

from felhom_hub.base.secrets import seal
from felhom_hub.customers.details import Details
from felhom_hub.customers.held_keys import api_keys_held
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import COMMAND_LINE

pytestmark = pytest.mark.django_db


def test_the_newest_comes_first_and_neither_revoked_nor_ended_ones_are_among_them() -> None:
    first = add_customer("anna", Details("Anna", "anna.hu", "anna@anna.hu"), now=NOW, by=COMMAND_LINE).secrets.api_key
    customer = Customer.objects.get()
    for number, revoked, end in ((1, None, None), (2, NOW, None), (3, None, NOW)):
        envelope = seal(f"fh_{number}", purpose="api_key:anna")
        values = {"kind": "api_key", "digest": str(number) * 64, "envelope": envelope, "created_at": NOW}
        Credential.objects.create(customer=customer, revoked_at=revoked, holds_until=end, **values)

    assert api_keys_held(customer, now=NOW) == ["fh_1", first]
