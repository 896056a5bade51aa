from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, make_api_key, make_customer
from tests.recovery.snapshots import arrival, body_of, record

from felhom_hub.base import secrets
from felhom_hub.base.errors import Unauthorized, Unavailable
from felhom_hub.customers.auth import digest_of
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.recovery import record as recording
from felhom_hub.recovery.models import InfraBackup
from felhom_hub.recovery.queries import content_of, versions_of
from felhom_hub.recovery.record import Kept

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)


def numbers(results: list[Any]) -> list[int]:
    return [kept.version for kept in results]


def test_other_bytes_are_a_new_version_and_both_stay() -> None:
    first, second = arrival(body_of(disks=1)), arrival(body_of(disks=2), received_at=LATER)
    assert record(first) == [Kept(1, first.backup.sha256)]
    assert record(second) == [Kept(2, second.backup.sha256)]

    customer = Customer.objects.get()
    contents = [content_of(customer, version) for version in (1, 2, None)]
    assert [found.body for found in contents if found] == [body_of(disks=1), body_of(disks=2), body_of(disks=2)]


def test_the_newest_that_comes_again_is_renewed_only() -> None:
    record(arrival(body_of()))
    assert numbers(record(arrival(body_of(), received_at=LATER))) == [1]

    (version,) = versions_of(Customer.objects.get().pk)
    assert (version.received_at, version.renewed_at) == (NOW, LATER)


def test_an_older_one_that_comes_again_is_a_version_of_its_own() -> None:
    assert numbers([each for n in (1, 2, 1) for each in record(arrival(body_of(disks=n)))]) == [1, 2, 3]


def test_backups_of_one_batch_are_numbered_in_their_order_and_by_customer() -> None:
    results = record(*(arrival(body_of(who, n=n)) for who, n in (("a", 1), ("b", 1), ("a", 1), ("a", 2))))

    assert numbers(results) == [1, 1, 1, 2]


def test_a_smaller_one_replaces_nothing() -> None:
    record(arrival(body_of(much="x" * 1000)), arrival(body_of()))

    found = content_of(Customer.objects.get(), 1)
    assert found is not None
    assert found.body == body_of(much="x" * 1000)


def test_unknown_customer_becomes_a_manual_one_and_a_blocked_ones_are_stored() -> None:
    make_customer("blocked", blocked_at=NOW)
    record(arrival(body_of("blocked")), arrival(body_of("new")))

    assert list(Customer.objects.values_list("customer_id", "is_managed")) == [("blocked", False), ("new", False)]
    assert InfraBackup.objects.count() == 2


def test_deleted_customers_are_kept_and_come_back_with_it() -> None:
    record(arrival(body_of()))
    Customer.everyone.update(deleted_at=NOW)
    assert InfraBackup.objects.count() == 1

    assert numbers(record(arrival(body_of(disks=2)))) == [2]
    assert len(versions_of(Customer.objects.get().pk)) == 2


def test_a_key_that_was_revoked_meanwhile_stores_nothing() -> None:
    digest = digest_of(make_api_key(make_customer("nagy")))
    Credential.objects.update(revoked_at=NOW)

    refused, kept = record(arrival(body_of(), key_digest=digest), arrival(body_of("other")))
    assert isinstance(refused, Unauthorized)
    assert kept.version == 1
    assert InfraBackup.objects.count() == 1


def test_what_cannot_be_sealed_is_to_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise secrets.NoKeyring("the file is gone")

    monkeypatch.setattr(recording, "seal_version", fail)
    (refused,) = record(arrival(body_of()))

    assert isinstance(refused, Unavailable)
    assert "file" not in refused.sentence
    assert not InfraBackup.objects.exists()
