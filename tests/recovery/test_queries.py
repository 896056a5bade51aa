from datetime import timedelta

import pytest
from tests.build import NOW, make_customer
from tests.recovery.snapshots import body_of, send

from felhom_hub.base.secrets import NotAuthentic
from felhom_hub.customers.models import Customer
from felhom_hub.recovery.models import InfraBackup
from felhom_hub.recovery.queries import content_of, kept_words, newest_number, versions_of

pytestmark = pytest.mark.django_db


def test_versions_are_listed_newest_first_and_by_customer() -> None:
    send(body_of(n=1), body_of(n=2))
    send(body_of("other"))

    listed = versions_of(Customer.objects.get(customer_id="nagy").pk)

    assert [(each.number, each.received_at, each.size_bytes) for each in listed] == [
        (2, NOW + timedelta(days=1), len(body_of(n=2))),
        (1, NOW, len(body_of(n=1))),
    ]


def test_there_is_nothing_of_a_customer_that_sent_nothing_nor_of_another_version() -> None:
    send(body_of("other"), body_of("nagy"))

    assert content_of(make_customer("kiss")) is None
    assert content_of(Customer.objects.get(customer_id="nagy"), 2) is None


def test_a_row_that_was_put_in_anothers_place_does_not_open() -> None:
    send(body_of("other"), body_of("nagy"))
    InfraBackup.objects.filter(customer__customer_id="nagy").delete()
    InfraBackup.objects.update(customer=Customer.objects.get(customer_id="nagy"))

    with pytest.raises(NotAuthentic):
        content_of(Customer.objects.get(customer_id="nagy"))


def test_what_a_deletion_leaves_is_counted() -> None:
    send(body_of("nagy", n=1), body_of("nagy", n=2))

    assert kept_words(Customer.objects.get().pk) == "2 snapshots"
    assert kept_words(make_customer("kiss").pk) == ""


def test_the_newest_number_is_the_customers_own() -> None:
    send(body_of("nagy", n=1), body_of("nagy", n=2), body_of("kiss"))
    nagy = Customer.objects.get(customer_id="nagy")

    assert (newest_number(nagy.pk), newest_number(make_customer("none").pk)) == (2, None)
