"""A lease is the database's word, and a hub that cannot renew it stops relying on it."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from structlog.testing import capture_logs

from felhom_hub.base import lease as tested
from felhom_hub.base.instants import utc_now
from felhom_hub.base.lease import LEASE_SECONDS, RENEW_SECONDS, DatabaseTime, Lease, renewed, running_seconds
from felhom_hub.base.models import Job
from felhom_hub.base.pace import is_interrupted

TAKEOVER_SECONDS = 30.0


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def away() -> bool:
    raise OperationalError("the server closed the connection unexpectedly")


def test_a_dead_hubs_work_is_free_within_half_a_minute_and_a_living_one_may_fail_to_renew_more_than_once() -> None:
    assert LEASE_SECONDS < TAKEOVER_SECONDS
    assert LEASE_SECONDS / RENEW_SECONDS >= 3


def test_a_lease_is_held_for_its_span_from_before_it_was_asked_for(clock: Clock) -> None:
    lease = Lease(clock.now, clock=clock)

    clock.now += LEASE_SECONDS - 0.1
    assert not lease.is_lost()
    clock.now += 0.1
    assert lease.is_lost()


def test_a_renewal_counts_from_when_it_was_asked_for_and_not_from_when_the_answer_came(clock: Clock) -> None:
    lease = Lease(clock.now, clock=clock)
    clock.now += 10

    def slow() -> bool:
        clock.now += 8
        return True

    lease.renew(slow)

    clock.now = 1000 + 10 + LEASE_SECONDS - 0.1
    assert not lease.is_lost()
    clock.now += 0.1
    assert lease.is_lost()


def test_a_lease_that_another_hub_has_is_lost_at_once(clock: Clock) -> None:
    lease = Lease(clock.now, clock=clock)

    lease.renew(lambda: False)

    assert lease.is_lost()


def test_a_lease_that_has_ended_is_not_renewed_even_if_nobody_has_taken_it(clock: Clock) -> None:
    lease, asked = Lease(clock.now, clock=clock), []
    clock.now += LEASE_SECONDS  # as after a sleep of the machine

    def renewal() -> bool:
        asked.append(clock.now)
        return True

    lease.renew(renewal)

    assert lease.is_lost()
    assert asked == []


def test_a_hub_whose_database_is_away_goes_on_until_its_lease_has_ended_and_no_longer(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tested, "RENEW_SECONDS", 0.001)
    tried = threading.Event()

    def renewal() -> bool:
        tried.set()
        return away()

    with capture_logs() as logged, renewed(renewal, began=clock.now, clock=clock):
        assert tried.wait(60)
        clock.now += LEASE_SECONDS - 0.1
        assert not is_interrupted()
        clock.now += 0.1
        assert is_interrupted()
    assert not is_interrupted()
    assert {entry["event"] for entry in logged} == {"lease_not_renewed"}


@pytest.mark.django_db
def test_the_databases_time_is_in_milliseconds_and_goes_on_within_a_transaction() -> None:
    Job.objects.create(name="a", next_at=utc_now())

    before = utc_now()
    Job.objects.update(next_at=DatabaseTime())
    first = Job.objects.get().next_at
    time.sleep(0.01)
    Job.objects.update(next_at=DatabaseTime(plus_seconds=20))

    assert before - timedelta(milliseconds=2) <= first <= utc_now() + timedelta(milliseconds=2)
    assert first + timedelta(seconds=20) < Job.objects.get().next_at


def test_the_clock_of_leases_does_not_go_back() -> None:
    assert running_seconds() <= running_seconds()
