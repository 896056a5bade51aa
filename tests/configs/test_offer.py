import pytest
from tests.build import NOW, make_customer, make_node
from tests.doors import managed_customer

from felhom_hub.base.errors import Conflict, Forbidden, NotFound
from felhom_hub.configs.generate import generate
from felhom_hub.configs.offer import offered_to
from felhom_hub.customers.auth import CustomerCaller, GlobalCaller
from felhom_hub.customers.models import Customer
from felhom_hub.reports.wanted import want_update, wanted_of

pytestmark = pytest.mark.django_db


def caller(customer: Customer, *, is_blocked: bool = False) -> CustomerCaller:
    return CustomerCaller(customer.pk, customer.customer_id, is_blocked)


@pytest.fixture
def customer() -> Customer:
    """A managed one, whose box is to fetch its file."""
    managed_customer()
    customer = Customer.objects.get()
    make_node(customer, push_wanted_at=NOW)
    return customer


def test_the_file_is_the_one_that_the_box_is_expected_to_report(customer: Customer) -> None:
    first = offered_to(caller(customer), "nagy")
    Customer.objects.update(name="Nagy és fia")
    second = offered_to(caller(customer), "nagy")

    assert first.sha256 != second.sha256
    assert second == generate(Customer.objects.get())
    assert wanted_of(customer.pk).expected_hash == second.sha256


def test_it_is_for_the_customers_own_key_alone(customer: Customer) -> None:
    for other in (GlobalCaller(), caller(make_customer("other")), caller(customer, is_blocked=True)):
        with pytest.raises(Forbidden):
            offered_to(other, "nagy")
    assert wanted_of(customer.pk).expected_hash is None


def test_there_is_none_while_no_configuration_is_wanted(customer: Customer) -> None:
    other = make_customer("other")
    make_node(other)
    want_update(other.pk, "v0.31.0", now=NOW)
    with pytest.raises(Conflict, match="does not want a configuration fetched for other now"):
        offered_to(caller(other), "other")
    manual = make_customer("manual")
    make_node(manual, push_wanted_at=NOW)
    with pytest.raises(Conflict, match="manual has no configuration yet"):
        offered_to(caller(manual), "manual")
    customer.delete()
    with pytest.raises(NotFound):
        offered_to(caller(customer), "nagy")
