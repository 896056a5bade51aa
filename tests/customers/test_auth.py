from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, Settings
from tests.build import GLOBAL_KEY, NOW, make_api_key, make_customer

from felhom_hub.base.errors import Forbidden, Unauthorized
from felhom_hub.customers.auth import (
    CustomerCaller,
    GlobalCaller,
    caller_of,
    digest_of,
    keys_by_digest,
    require_customer,
)
from felhom_hub.customers.models import Credential, Customer

pytestmark = pytest.mark.django_db

NO_KEY = "There is no API key; send it as Authorization: Bearer KEY"
NOT_BEARER = "The Authorization header must be: Bearer KEY"
NOTHING_AFTER = "The Authorization header has no API key after Bearer"
UNKNOWN = "This API key is unknown or was revoked"


def refusal(authorization: str | None) -> str:
    with pytest.raises(Unauthorized) as caught:
        caller_of(authorization, now=NOW)
    assert caught.value.headers == (("WWW-Authenticate", "Bearer"),)
    return caught.value.sentence


def test_the_global_key_is_the_global_caller() -> None:
    assert caller_of(f"Bearer {GLOBAL_KEY}", now=NOW) == GlobalCaller()


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "BEARER   {} "])
def test_a_customers_key_is_its_caller(form: str) -> None:
    make_api_key(make_customer("nagy-anna"))
    customer = make_customer("kovacs-peter")
    key = make_api_key(customer)
    assert caller_of(form.format(key), now=NOW) == CustomerCaller(customer.pk, "kovacs-peter", is_blocked=False)


def test_a_customer_may_have_two_keys_while_they_are_changed() -> None:
    customer = make_customer()
    first, second = make_api_key(customer), make_api_key(customer)
    assert caller_of(f"Bearer {first}", now=NOW) == caller_of(f"Bearer {second}", now=NOW)


def test_a_blocked_customers_key_says_so() -> None:
    customer = make_customer(blocked_at=NOW)
    assert caller_of(f"Bearer {make_api_key(customer)}", now=NOW) == CustomerCaller(
        customer.pk, "kovacs-peter", is_blocked=True
    )


@pytest.mark.parametrize(
    ("authorization", "sentence"),
    [
        (None, NO_KEY),
        ("", NOT_BEARER),
        ("Basic Y2FuYXJ5OmNhbmFyeQ==", NOT_BEARER),
        ("canary", NOT_BEARER),
        ("Bearer", NOTHING_AFTER),
        ("Bearer  ", NOTHING_AFTER),
        ("Bearer canary", UNKNOWN),
        ("Bearer \xff\x00", UNKNOWN),
        ("Bearer \udcff\ud800", UNKNOWN),
        (f"Bearer {GLOBAL_KEY}x", UNKNOWN),
        (f"Bearer {GLOBAL_KEY.upper()}", UNKNOWN),
        (f"Bearer {GLOBAL_KEY} {GLOBAL_KEY}", UNKNOWN),
    ],
)
def test_who_has_no_key_is_told_what_is_wrong_and_no_key(authorization: str | None, sentence: str) -> None:
    make_api_key(make_customer())
    assert refusal(authorization) == sentence


def test_a_revoked_key_is_nobodys() -> None:
    customer = make_customer()
    key, other = make_api_key(customer), make_api_key(customer)
    Credential.objects.filter(digest=digest_of(key)).update(revoked_at=NOW)
    assert refusal(f"Bearer {key}") == UNKNOWN
    assert isinstance(caller_of(f"Bearer {other}", now=NOW), CustomerCaller)


def test_a_key_that_is_replaced_holds_until_its_end_and_not_at_it() -> None:
    customer = make_customer()
    key, other = make_api_key(customer), make_api_key(customer)
    end = NOW + timedelta(days=7)
    Credential.objects.filter(digest=digest_of(key)).update(holds_until=end)

    before = end - timedelta(milliseconds=1)
    assert caller_of(f"Bearer {key}", now=before) == caller_of(f"Bearer {other}", now=before)
    assert set(keys_by_digest([digest_of(key), digest_of(other)], now=before)) == {digest_of(key), digest_of(other)}

    with pytest.raises(Unauthorized):
        caller_of(f"Bearer {key}", now=end)
    assert set(keys_by_digest([digest_of(key), digest_of(other)], now=end)) == {digest_of(other)}


def test_a_digest_is_no_key() -> None:
    assert refusal(f"Bearer {digest_of(make_api_key(make_customer()))}") == UNKNOWN


@pytest.mark.parametrize("authorization", ["Bearer ", "Bearer", "Bearer  \t", 'Bearer ""'])
def test_without_a_global_key_nobody_is_the_global_caller(settings: Settings, authorization: str) -> None:
    settings.HUB = replace(settings.HUB, api=replace(settings.HUB.api, report_api_key=""))
    refusal(authorization)
    assert refusal(f"Bearer {GLOBAL_KEY}") == UNKNOWN


def test_other_kinds_of_secrets_are_no_keys() -> None:
    Credential.objects.create(
        customer=make_customer(), kind=Credential.Kind.SESSION_SECRET, digest=digest_of("canary"), created_at=NOW
    )
    assert refusal("Bearer canary") == UNKNOWN


@pytest.mark.parametrize("rows", [1, 3])
def test_many_keys_are_looked_up_at_once(rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    customers = [make_customer(f"c{number}", blocked_at=NOW if number else None) for number in range(rows)]
    digests = {digest_of(make_api_key(customer)): customer for customer in customers}
    with django_assert_num_queries(1):
        found = keys_by_digest([*digests, *digests, digest_of("canary")], now=NOW)
    assert found == {
        digest: CustomerCaller(customer.pk, customer.customer_id, customer.blocked_at is not None)
        for digest, customer in digests.items()
    }


def test_no_digests_are_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert keys_by_digest((), now=NOW) == {}


def test_more_digests_than_a_statement_takes_are_all_found() -> None:
    customer = make_customer()
    keys = [digest_of(str(number)) for number in range(1201)]
    Credential.objects.bulk_create(
        Credential(customer=customer, kind="api_key", digest=digest, created_at=NOW) for digest in keys
    )
    assert set(keys_by_digest(keys, now=NOW)) == set(keys)


def test_a_customer_may_speak_for_itself_alone() -> None:
    caller = CustomerCaller(1, "kovacs-peter", is_blocked=False)
    require_customer(caller, "kovacs-peter")
    with pytest.raises(Forbidden) as caught:
        require_customer(caller, "nagy-anna")
    assert caught.value.sentence == "This API key belongs to customer kovacs-peter and is valid for that one alone"


@pytest.mark.parametrize("customer_id", ["kovacs-peter", "nobody-yet"])
def test_the_global_caller_may_speak_for_everybody(customer_id: str) -> None:
    require_customer(GlobalCaller(), customer_id)


def test_what_changes_counts_from_the_next_look_on() -> None:
    customer = make_customer()
    key = make_api_key(customer)
    assert caller_of(f"Bearer {key}", now=NOW) == CustomerCaller(customer.pk, "kovacs-peter", is_blocked=False)
    Customer.objects.update(blocked_at=NOW)
    assert caller_of(f"Bearer {key}", now=NOW) == CustomerCaller(customer.pk, "kovacs-peter", is_blocked=True)
    Credential.objects.update(revoked_at=NOW + timedelta(seconds=1))
    assert refusal(f"Bearer {key}") == UNKNOWN
