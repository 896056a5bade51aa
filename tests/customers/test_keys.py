from datetime import datetime, timedelta

import pytest
from tests.build import NOW, make_customer

from felhom_hub.base.errors import Conflict, Impossible, NotFound, Unauthorized
from felhom_hub.base.instants import rfc3339
from felhom_hub.customers.auth import caller_of, digest_of
from felhom_hub.customers.credentials import Kind, machine_secrets, make_secrets, reveal_secret
from felhom_hub.customers.keys import (
    OVERLAP,
    ApiKey,
    Revoked,
    Rotated,
    keys_of,
    revoke_key,
    revoke_older_keys,
    rotate_key,
)
from felhom_hub.customers.models import Credential, Customer, KeyUse
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
AT_THE_END = NOW + OVERLAP


@pytest.fixture
def customer() -> Customer:
    return make_customer("a", is_managed=True)


@pytest.fixture
def first(customer: Customer) -> str:
    key = make_secrets(customer, now=NOW - DAY).api_key
    assert key is not None
    return key


def rotate(*, overlap: timedelta = OVERLAP, now: datetime = NOW) -> Rotated:
    return rotate_key("a", overlap=overlap, now=now, by=COMMAND_LINE)


def is_taken(key: str, *, now: datetime) -> bool:
    try:
        caller_of(f"Bearer {key}", now=now)
    except Unauthorized:
        return False
    return True


def audit() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "customer_id", "detail"))


def number_of(key: str) -> int:
    return Credential.objects.get(digest=digest_of(key)).pk


def test_both_keys_hold_in_the_overlap_and_the_old_one_is_nobodys_after_it(first: str) -> None:
    rotated = rotate()

    assert rotated.older_hold_until == AT_THE_END
    assert rotated.api_key != first
    just_before = AT_THE_END - timedelta(milliseconds=1)
    assert [is_taken(key, now=just_before) for key in (first, rotated.api_key)] == [True, True]
    assert [is_taken(key, now=AT_THE_END) for key in (first, rotated.api_key)] == [False, True]
    expected = f"key {rotated.number}; older keys hold until {rfc3339(AT_THE_END)}"
    assert audit() == [("api_key_rotated", "a", expected)]
    assert rotated.api_key not in repr(rotated)


def test_shown_and_generated_is_the_newest_key(customer: Customer, first: str) -> None:
    rotated = rotate()

    assert machine_secrets(customer)["api_key"] == rotated.api_key != first
    assert reveal_secret("a", Kind.API_KEY, to_copy=False, now=NOW, by=COMMAND_LINE) == rotated.api_key


def test_a_second_rotation_puts_off_no_end(first: str) -> None:
    rotate()
    second = rotate(now=NOW + DAY)

    assert second.older_hold_until == AT_THE_END + DAY
    assert not is_taken(first, now=AT_THE_END)


def test_a_shorter_overlap_brings_the_end_of_all_older_keys_forward(first: str) -> None:
    rotated = rotate()
    rotate(overlap=DAY, now=NOW)

    assert [is_taken(key, now=NOW + DAY) for key in (first, rotated.api_key)] == [False, False]


def test_without_an_overlap_the_older_keys_are_gone_at_once(customer: Customer, first: str) -> None:
    rotated = rotate(overlap=timedelta(0))

    assert rotated.older_hold_until is None
    assert not is_taken(first, now=NOW)
    assert Credential.objects.get(digest=digest_of(first)).envelope == ""
    assert [key.number for key in keys_of(customer, now=NOW)] == [rotated.number]
    assert audit() == [("api_key_rotated", "a", f"key {rotated.number}; no older key holds")]


def test_the_text_of_a_key_whose_overlap_is_over_goes_with_the_next_rotation(first: str) -> None:
    rotate()
    rotate(now=AT_THE_END)

    row = Credential.objects.get(digest=digest_of(first))
    assert (row.envelope, row.revoked_at) == ("", AT_THE_END)


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=90, seconds=1)])
def test_an_overlap_that_is_none_changes_nothing(customer: Customer, first: str, overlap: timedelta) -> None:
    with pytest.raises(Impossible, match="from 0 to 90 days"):
        rotate(overlap=overlap)

    assert [key.number for key in keys_of(customer, now=NOW)] == [number_of(first)]
    assert audit() == []


def test_who_is_not_there_or_not_managed_gets_no_key() -> None:
    with pytest.raises(NotFound):
        rotate()
    make_customer("a", is_managed=False)
    with pytest.raises(Conflict):
        rotate()
    assert not Credential.objects.exists()


def test_listed_are_the_keys_that_hold_with_their_last_use(customer: Customer, first: str) -> None:
    rotated = rotate()
    KeyUse.objects.create(credential_id=number_of(first), used_at=NOW, address="192.0.2.7")
    make_secrets(make_customer("b", is_managed=True), now=NOW)

    newest = ApiKey(rotated.number, NOW, None, None, "")
    older = ApiKey(number_of(first), NOW - DAY, AT_THE_END, NOW, "192.0.2.7")
    assert keys_of(customer, now=NOW) == [newest, older]
    assert keys_of(customer, now=AT_THE_END) == [newest]


def test_a_revoked_key_is_nobodys_and_its_text_is_gone(first: str) -> None:
    rotated = rotate()

    assert revoke_key("a", number_of(first), now=NOW + DAY, by=COMMAND_LINE) == Revoked((rotated.number,))

    row = Credential.objects.get(digest=digest_of(first))
    assert (row.envelope, row.revoked_at) == ("", NOW + DAY)
    assert [is_taken(key, now=NOW + DAY) for key in (first, rotated.api_key)] == [False, True]
    assert audit()[1:] == [("api_key_revoked", "a", f"key {row.pk}; 1 key left")]


def test_where_the_newest_is_revoked_the_one_before_holds_without_an_end(customer: Customer, first: str) -> None:
    rotated = rotate()

    revoke_key("a", rotated.number, now=NOW + DAY, by=COMMAND_LINE)

    assert is_taken(first, now=AT_THE_END + DAY)
    assert machine_secrets(customer)["api_key"] == first


def test_a_key_whose_overlap_is_over_does_not_come_back(customer: Customer, first: str) -> None:
    rotated = rotate()

    assert revoke_key("a", rotated.number, now=AT_THE_END, by=COMMAND_LINE) == Revoked(())

    assert not is_taken(first, now=AT_THE_END)
    assert "api_key" not in machine_secrets(customer)
    assert audit()[-1] == ("api_key_revoked", "a", f"key {rotated.number}; none left")


def test_a_key_is_revoked_once_and_by_its_own_customer_only(first: str) -> None:
    make_customer("b", is_managed=True)
    number = number_of(first)

    assert revoke_key("b", number, now=NOW, by=COMMAND_LINE) is None
    assert is_taken(first, now=NOW)
    assert revoke_key("a", number, now=NOW, by=COMMAND_LINE) == Revoked(())
    assert revoke_key("a", number, now=NOW, by=COMMAND_LINE) is None
    assert revoke_key("a", 2**70, now=NOW, by=COMMAND_LINE) is None
    assert len(audit()) == 1


def test_no_other_secret_is_revoked_as_a_key(customer: Customer, first: str) -> None:
    password = Credential.objects.get(kind=Kind.RETRIEVAL_PASSWORD)
    assert revoke_key("a", password.pk, now=NOW, by=COMMAND_LINE) is None
    assert machine_secrets(customer)["api_key"] == first


def test_all_but_the_newest_go_together(customer: Customer, first: str) -> None:
    second, third = rotate(), rotate()

    assert revoke_older_keys("a", now=NOW, by=COMMAND_LINE) == Revoked((third.number,))

    assert [key.number for key in keys_of(customer, now=NOW)] == [third.number]
    assert [is_taken(key, now=NOW) for key in (first, second.api_key, third.api_key)] == [False, False, True]
    assert audit()[-1] == ("api_key_revoked", "a", f"key {number_of(first)}, {second.number}; 1 key left")
    assert revoke_older_keys("a", now=NOW, by=COMMAND_LINE) is None
