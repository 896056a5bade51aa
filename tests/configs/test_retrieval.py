import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from tests.build import NOW, make_customer
from tests.doors import managed_customer

from felhom_hub.base.errors import ApiError, Forbidden, TooMany, Unauthorized
from felhom_hub.configs.models import RetrievalTry
from felhom_hub.configs.retrieval import forget_tries, locked_until, open_door, unlock
from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HERE, THERE = "192.0.2.7", "198.51.100.9"


def attempt(passphrase: str = "wrong", customer_id: str = "nagy", *, at: datetime = NOW, address: str = HERE) -> Any:
    """The customer that was let in, or the refusal."""
    try:
        return open_door(customer_id, passphrase, address=address, now=at).customer_id
    except ApiError as error:
        return type(error)


def test_the_passphrase_opens_however_it_is_typed_and_a_right_one_counts_as_no_try() -> None:
    passphrase = managed_customer()

    assert attempt(passphrase) == "nagy"
    assert attempt(passphrase.upper().replace("-", " ")) == "nagy"
    assert not RetrievalTry.objects.exists()
    assert [attempt(each) for each in ("", "wrong", passphrase[:-1])] == [Unauthorized] * 3
    assert RetrievalTry.objects.count() == 3


def test_after_ten_wrong_ones_from_an_address_it_waits_and_others_do_not() -> None:
    passphrase = managed_customer()
    for number in range(10):
        assert attempt(at=NOW + number * MINUTE) is Unauthorized
    with pytest.raises(TooMany) as refused:
        open_door("nagy", passphrase, address=HERE, now=NOW + 10 * MINUTE)

    assert dict(refused.value.headers)["Retry-After"] == "300"
    assert attempt(passphrase, at=NOW + 10 * MINUTE, address=THERE) == "nagy"
    assert locked_until("nagy", now=NOW + 10 * MINUTE) == NOW + 15 * MINUTE
    assert attempt(passphrase, at=NOW + 15 * MINUTE) == "nagy"
    assert locked_until("nagy", now=NOW + 15 * MINUTE) is None
    event = Event.objects.get()
    assert (event.event_type, event.severity, event.customer and event.customer.customer_id) == (
        "recovery_locked", "warning", "nagy",
    )  # fmt: skip
    assert HERE in event.message


@pytest.mark.on_one_database
@pytest.mark.parametrize("a_day", [500, pytest.param(5_000, marks=pytest.mark.long)])
def test_of_any_number_of_wrong_ones_from_everywhere_at_most_ninety_a_day_are_evaluated(a_day: int) -> None:
    managed_customer()
    evaluated = [
        number
        for number in range(2 * a_day)
        if attempt(at=NOW + number * DAY / a_day, address=f"203.0.113.{number % 250}") is Unauthorized
    ]

    assert [len([n for n in evaluated if begin <= n < begin + a_day]) for begin in (0, a_day)] == [90, 90]
    # However the day is laid.
    assert all(late - early >= a_day for early, late in zip(evaluated, evaluated[90:], strict=False))


def test_an_unknown_customer_is_refused_in_the_same_words_and_locked_after_as_many() -> None:
    managed_customer()
    sentences = []
    for name in ("nagy", "nobody"):
        for _ in range(12):
            with pytest.raises(ApiError) as refused:
                open_door(name, "wrong", address=HERE if name == "nagy" else THERE, now=NOW)
            sentences.append((name, refused.value.status, refused.value.sentence, refused.value.headers))

    assert [each[1:] for each in sentences[:12]] == [each[1:] for each in sentences[12:]]
    assert [each[1] for each in sentences[:12]] == [401] * 10 + [429] * 2
    assert Event.objects.count() == 1


def test_one_address_cannot_try_customer_after_customer() -> None:
    answers = [attempt(customer_id=f"c{number}") for number in range(100)]

    assert answers == [Unauthorized] * 90 + [TooMany] * 10
    assert attempt(customer_id="c", address=THERE) is Unauthorized


def test_where_the_address_is_nobodys_only_the_customers_limit_counts() -> None:
    managed_customer()
    answers = [attempt(address="") for _ in range(95)]

    assert answers == [Unauthorized] * 90 + [TooMany] * 5
    assert attempt(customer_id="other", address="") is Unauthorized
    assert locked_until("nagy", now=NOW) == NOW + DAY


def test_a_home_has_many_ipv6_addresses() -> None:
    managed_customer()
    answers = [attempt(address=f"2001:db8::{number:x}") for number in range(12)]

    assert answers == [Unauthorized] * 10 + [TooMany] * 2


def test_a_blocked_customer_is_told_so_once_the_passphrase_is_right() -> None:
    passphrase = managed_customer()
    Customer.objects.update(blocked_at=NOW)

    assert attempt() is Unauthorized
    assert attempt(passphrase) is Forbidden


def test_the_operator_unlocks_and_that_is_in_the_audit_once() -> None:
    passphrase = managed_customer()
    for _ in range(10):
        attempt()

    assert attempt(passphrase) is TooMany
    assert unlock("nagy", now=NOW, by=COMMAND_LINE) == 10
    assert unlock("nagy", now=NOW, by=COMMAND_LINE) == 0
    assert attempt(passphrase) == "nagy"
    assert AuditEntry.objects.filter(action="retrieval_unlocked", customer_id="nagy").count() == 1


def test_old_tries_are_forgotten() -> None:
    attempt(at=NOW - DAY)
    attempt(at=NOW - DAY + MINUTE)

    assert forget_tries(NOW) == 1
    assert RetrievalTry.objects.get().at == NOW - DAY + MINUTE


def test_an_id_of_any_length_is_only_unknown() -> None:
    assert attempt(customer_id="x" * 5000) is Unauthorized
    make_customer("manual")
    assert attempt(customer_id="manual") is Unauthorized


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_no_more_are_evaluated() -> None:
    managed_customer()
    for _ in range(9):
        attempt()
    ready = threading.Barrier(6, timeout=60)

    def knock(_: int) -> Any:
        try:
            ready.wait()
            return attempt()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(knock, range(6)))

    assert set(answers) <= {Unauthorized, TooMany}
    assert answers.count(Unauthorized) <= 1


@pytest.mark.parametrize(("ahead", "answer"), [(timedelta(seconds=90), TooMany), (DAY, Unauthorized)])
def test_tries_at_a_hub_whose_clock_is_a_little_ahead_count_and_those_of_a_clock_set_back_since_do_not(
    ahead: timedelta, answer: type[ApiError]
) -> None:
    managed_customer()
    for _ in range(10):
        attempt(at=NOW + ahead)

    assert attempt(at=NOW) is answer
    assert (locked_until("nagy", now=NOW) is not None) is (answer is TooMany)
