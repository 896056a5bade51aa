from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from tests.build import make_api_key, make_customer

from felhom_hub.base.errors import Unauthorized
from felhom_hub.customers.auth import digest_of
from felhom_hub.customers.confirm import still_valid
from felhom_hub.customers.models import Credential

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Item(NamedTuple):
    """What came with the key of this digest."""

    key_digest: str | None
    received_at: datetime


def outcome(digests: list[str | None]) -> list[object]:
    return [
        None if error is None else (type(error), str(error))
        for error in still_valid([Item(digest, NOW) for digest in digests])
    ]


REFUSED = (Unauthorized, "This key is not valid any more")


def test_the_global_key_needs_no_look() -> None:
    assert outcome([None, None]) == [None, None]


def test_a_key_holds_until_it_is_revoked() -> None:
    digest = digest_of(make_api_key(make_customer("a")))
    assert outcome([digest]) == [None]

    Credential.objects.update(revoked_at=NOW)

    assert outcome([digest]) == [REFUSED]


def test_a_key_that_is_replaced_is_refused_from_its_end_on() -> None:
    digest = digest_of(make_api_key(make_customer("a")))
    Credential.objects.update(holds_until=NOW + timedelta(milliseconds=1))
    assert outcome([digest]) == [None]

    Credential.objects.update(holds_until=NOW)

    assert outcome([digest]) == [REFUSED]


def test_each_item_is_judged_by_its_own_key() -> None:
    customer = make_customer("a")
    first, second, gone = (digest_of(make_api_key(customer)) for _ in range(3))
    Credential.objects.filter(digest=gone).delete()

    assert outcome([first, None, gone, second, "0" * 64, first]) == [None, None, REFUSED, None, REFUSED, None]


def test_a_blocked_customers_key_still_holds() -> None:
    digest = digest_of(make_api_key(make_customer("a", blocked_at=NOW)))

    assert outcome([digest]) == [None]


def test_no_other_secret_is_a_key() -> None:
    digest = digest_of("x")
    Credential.objects.create(
        customer=make_customer("a"), kind=Credential.Kind.RETRIEVAL_PASSWORD, digest=digest, created_at=NOW
    )

    assert outcome([digest]) == [REFUSED]
