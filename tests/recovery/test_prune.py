from datetime import timedelta

import pytest
from tests.build import NOW
from tests.recovery.snapshots import body_of, send

from felhom_hub.customers.models import Customer
from felhom_hub.recovery.models import InfraBackup
from felhom_hub.recovery.prune import prune_backups
from felhom_hub.recovery.queries import versions_of

pytestmark = pytest.mark.django_db


def numbers(customer_id: str) -> list[int]:
    return [each.number for each in versions_of(Customer.everyone.get(customer_id=customer_id).pk)]


def test_each_customers_superfluous_versions_go_and_nothing_else() -> None:
    hourly = timedelta(hours=1)
    send(*(body_of(n=n) for n in range(35)), every=hourly)
    send(*(body_of("few", n=n) for n in range(5)), start=NOW - timedelta(days=4000), every=hourly)
    send(*(body_of("gone", n=n) for n in range(33)), start=NOW - timedelta(days=4000), every=hourly)
    Customer.objects.filter(customer_id="gone").update(deleted_at=NOW)

    assert sum(prune_backups(NOW)) == 4 + 3

    assert numbers("nagy") == [*range(35, 5, -1), 1]
    assert (numbers("few"), numbers("gone")) == ([5, 4, 3, 2, 1], [*range(33, 3, -1)])
    assert sum(prune_backups(NOW)) == 0


def test_numbers_are_not_given_out_again_after_pruning() -> None:
    send(*(body_of(n=n) for n in range(40)), every=timedelta(minutes=1))
    sum(prune_backups(NOW + timedelta(days=9000)))
    assert InfraBackup.objects.count() == 30

    send(body_of(n="next"))
    assert numbers("nagy")[0] == 41
