from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_api_key, make_customer

from felhom_hub.base.db import Db
from felhom_hub.customers import uses
from felhom_hub.customers.auth import digest_of
from felhom_hub.customers.models import Credential, KeyUse
from felhom_hub.customers.uses import STEP, Use, Uses, record_uses

MINUTE = timedelta(minutes=1)


def record(*batches: tuple[Use, ...]) -> list[object]:
    with transaction.atomic():
        return record_uses(Db(), batches)


def stored() -> list[tuple[str | None, object, str]]:
    rows = KeyUse.objects.order_by("credential__pk")
    return list(rows.values_list("credential__digest", "used_at", "address"))


def test_a_use_is_stored_once_in_five_minutes() -> None:
    noted = Uses()
    taken = []
    for minute in range(11):
        noted.note(Use("k", "192.0.2.7", NOW + minute * MINUTE))
        taken.append([use.at for use in noted.take()])

    assert [minute for minute, each in enumerate(taken) if each] == [0, 5, 10]


def test_another_address_is_stored_at_once() -> None:
    noted = Uses()
    noted.note(Use("k", "192.0.2.7", NOW))
    noted.take()

    noted.note(Use("k", "192.0.2.8", NOW + MINUTE))

    assert noted.take() == (Use("k", "192.0.2.8", NOW + MINUTE),)


def test_of_many_uses_between_two_beats_the_last_one_waits() -> None:
    noted = Uses()
    for second in range(3):
        noted.note(Use("k", "192.0.2.7", NOW + timedelta(seconds=second)))
        noted.note(Use("other", "192.0.2.7", NOW))

    assert {use.digest: use.at for use in noted.take()} == {"k": NOW + timedelta(seconds=2), "other": NOW}
    assert noted.take() == ()


def test_after_the_clock_was_set_back_uses_are_stored() -> None:
    noted = Uses()
    noted.note(Use("k", "", NOW + timedelta(days=1)))
    noted.take()

    noted.note(Use("k", "", NOW))

    assert len(noted.take()) == 1


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses, "_REMEMBERED", 3)
    noted = Uses()
    for number in range(5):
        noted.note(Use(f"k{number}", "", NOW))
        noted.take()
    for number in range(5):
        noted.note(Use(f"k{number}", "", NOW))

    assert [use.digest for use in noted.take()] == ["k0", "k1"]


@pytest.mark.django_db
def test_the_last_use_of_each_key_that_holds_is_stored() -> None:
    customer = make_customer()
    first, second, revoked, ended = (digest_of(make_api_key(customer)) for _ in range(4))
    Credential.objects.filter(digest=revoked).update(revoked_at=NOW)
    Credential.objects.filter(digest=ended).update(holds_until=NOW)
    record((Use(first, "192.0.2.7", NOW - STEP),))

    results = record(
        (Use(first, "192.0.2.8", NOW), Use("0" * 64, "192.0.2.9", NOW)),
        (Use(second, "2001:db8::1", NOW), Use(revoked, "192.0.2.7", NOW), Use(ended, "192.0.2.7", NOW)),
    )

    assert results == [True, True]
    assert stored() == [(first, NOW, "192.0.2.8"), (second, NOW, "2001:db8::1")]


@pytest.mark.django_db
@pytest.mark.parametrize("keys", [1, 3])
def test_many_uses_are_one_question_and_one_write(keys: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    customer = make_customer()
    batch = tuple(Use(digest_of(make_api_key(customer)), "", NOW) for _ in range(keys))

    with transaction.atomic(), django_assert_num_queries(1):  # `Db` writes past Django's counting
        record_uses(Db(), [batch])

    assert len(stored()) == keys


@pytest.mark.django_db
def test_a_use_goes_with_its_key() -> None:
    digest = digest_of(make_api_key(make_customer()))
    record((Use(digest, "", NOW),))

    Credential.objects.all().delete()

    assert stored() == []
