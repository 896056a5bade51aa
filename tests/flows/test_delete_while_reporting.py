"""A customer is deleted while its box reports: whatever the order, nothing that was answered is lost."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from tests.build import NOW, incoming, record

from felhom_hub.customers.auth import digest_of
from felhom_hub.customers.delete import delete_customer
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.reports.models import Report
from felhom_hub.reports.record import Recorded

REPORTS, ROUNDS = 12, 5
PETER = Details("Kovács Péter", "kovacs.example.hu", "peter@kovacs.example.hu")

pytestmark = pytest.mark.django_db(transaction=True)


def both(first: Callable[[], None], second: Callable[[], None]) -> None:
    """The two at the same time, each with a connection of its own."""
    failures: list[BaseException] = []
    start = threading.Barrier(2)

    def run(deed: Callable[[], None]) -> None:
        try:
            start.wait(10)
            deed()
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


@pytest.mark.parametrize("with_own_key", [True, False])
def test_a_deletion_meets_reports(with_own_key: bool) -> None:
    for round_number in range(ROUNDS):
        customer_id = f"c{round_number}"
        key = add_customer(customer_id, PETER, now=NOW, by=COMMAND_LINE).secrets.api_key or ""
        digest = digest_of(key) if with_own_key else None
        answers: list[object] = []

        def report(customer_id: str = customer_id, digest: str | None = digest) -> None:
            for minute in range(REPORTS):
                at = NOW + timedelta(minutes=minute)
                answers.extend(record([incoming(customer_id, received_at=at, key_digest=digest)]))  # noqa: B023

        def delete(customer_id: str = customer_id) -> None:
            delete_customer(customer_id, now=NOW, by=COMMAND_LINE)

        both(report, delete)

        stored = sum(isinstance(answer, Recorded) for answer in answers)
        row = Customer.everyone.get(customer_id=customer_id)
        assert Report.objects.filter(customer=row).count() == stored
        assert not Credential.objects.filter(customer=row).exists()
        assert (row.email, row.is_managed) == ("", False)
        if with_own_key:
            assert row.deleted_at == NOW
        else:
            assert stored == REPORTS

    record([incoming(f"c{number}", received_at=NOW + timedelta(hours=1)) for number in range(ROUNDS)])
    assert set(Customer.objects.values_list("name", "is_managed")) == {("Kovács Péter", False)}
