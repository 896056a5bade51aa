from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from felhom_hub.operators.models import SignInFailure
from felhom_hub.operators.throttle import Try, Wait, begin_try, forget_failures, home_of, take_back, wait_after

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
HOME = "192.0.2.7"


def fail(times: int, *, address: str = HOME, at: datetime = NOON) -> None:
    for _ in range(times):
        SignInFailure.objects.create(address=address, failed_at=at)


def failures_of(outcome: Try | Wait) -> int:
    assert isinstance(outcome, Try)
    return outcome.failures


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 0), (4, 0), (5, 5), (6, 10), (7, 20), (8, 40), (9, 60), (10, 60), (5000, 60)]
)
def test_the_wait_doubles_from_the_fifth_failure_to_an_hour(failures: int, minutes: int) -> None:
    assert wait_after(failures) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_the_addresses_of_one_ipv6_home_count_as_one(address: str, home: str) -> None:
    assert home_of(address) == home


@pytest.mark.django_db
def test_tries_are_counted_from_one() -> None:
    assert [failures_of(begin_try(HOME, now=NOON)) for _ in range(5)] == [1, 2, 3, 4, 5]


@pytest.mark.django_db
def test_after_five_failures_the_next_try_waits_five_minutes_and_is_not_counted() -> None:
    fail(5)

    assert begin_try(HOME, now=NOON + timedelta(minutes=4, seconds=59)) == Wait(NOON + timedelta(minutes=5))
    assert SignInFailure.objects.count() == 5
    assert failures_of(begin_try(HOME, now=NOON + timedelta(minutes=5))) == 6


@pytest.mark.django_db
def test_the_sixth_failure_waits_twice_as_long() -> None:
    fail(5)
    later = NOON + timedelta(minutes=5)
    begin_try(HOME, now=later)

    assert begin_try(HOME, now=later + timedelta(seconds=1)) == Wait(later + timedelta(minutes=10))


@pytest.mark.django_db
def test_another_address_does_not_wait() -> None:
    fail(9)

    assert failures_of(begin_try("192.0.2.8", now=NOON)) == 1


@pytest.mark.django_db
def test_a_right_password_takes_back_its_own_try_and_no_other() -> None:
    fail(3)
    outcome = begin_try(HOME, now=NOON)
    assert isinstance(outcome, Try)

    take_back(outcome.id)

    assert failures_of(begin_try(HOME, now=NOON)) == 4


@pytest.mark.django_db
def test_failures_are_forgotten_after_a_day() -> None:
    fail(9)
    fail(1, address="192.0.2.8", at=NOON + timedelta(hours=1))

    next_day = NOON + timedelta(hours=24)
    assert failures_of(begin_try(HOME, now=next_day)) == 1
    assert forget_failures(next_day) == 9
    assert sorted(SignInFailure.objects.values_list("address", flat=True)) == [HOME, "192.0.2.8"]


@pytest.mark.django_db
def test_a_try_that_finds_others_before_it_waits_and_leaves_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five tries of another thread are stored between the first look and the own row."""
    create = SignInFailure.objects.create

    def create_after_others(**values: Any) -> SignInFailure:
        SignInFailure.objects.bulk_create([SignInFailure(address=HOME, failed_at=NOON) for _ in range(5)])
        return create(**values)

    monkeypatch.setattr(SignInFailure.objects, "create", create_after_others)

    assert begin_try(HOME, now=NOON) == Wait(NOON + timedelta(minutes=5))
    assert SignInFailure.objects.count() == 5


@pytest.mark.django_db
def test_a_try_also_sees_those_that_were_numbered_after_it_and_stored_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL numbers are given out before rows are stored, in whatever order these come."""
    create = SignInFailure.objects.create

    def create_before_others(**values: Any) -> SignInFailure:
        row = create(**values)
        SignInFailure.objects.bulk_create([SignInFailure(address=HOME, failed_at=NOON) for _ in range(5)])
        return row

    monkeypatch.setattr(SignInFailure.objects, "create", create_before_others)

    assert begin_try(HOME, now=NOON) == Wait(NOON + timedelta(minutes=5))
    assert SignInFailure.objects.count() == 5
