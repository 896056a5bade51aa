import json
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW, make_customer, make_node
from tests.two_hubs import both_at_once

from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event
from felhom_hub.watch.models import DeafSpan, NodeLevel
from felhom_hub.watch.summary import tell_deaf_time

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
tell = partial(tell_deaf_time, period=15 * MINUTE, zone=ZoneInfo("Europe/Budapest"))


def deaf(begin: float, end: float, cause: str = "off") -> None:
    DeafSpan.objects.create(from_at=NOW + begin * MINUTE, to_at=NOW + end * MINUTE, cause=cause)


def fleet() -> None:
    """Two that report again, one that does not, one that was down before, one blocked."""
    for number, last in enumerate((1, 14, -10, -3000)):
        make_node(
            make_customer(f"c{number}"), last_received_at=NOW + last * MINUTE, first_received_at=NOW - 90000 * MINUTE
        )
    make_node(make_customer("blocked", blocked_at=NOW), last_received_at=NOW - 5 * MINUTE)
    long_ago = NOW - 2000 * MINUTE
    NodeLevel.objects.create(customer_id=_pk("c3"), level="down", since_at=long_ago, heard_at=long_ago, is_told=True)


def _pk(customer_id: str) -> int:
    return Customer.objects.get(customer_id=customer_id).pk


def test_one_summary_comes_a_period_after_the_hub_woke() -> None:
    fleet()
    deaf(-360, 0)

    assert not tell(NOW + 14 * MINUTE)
    assert tell(NOW + 15 * MINUTE)
    assert not tell(NOW + 16 * MINUTE)

    event = Event.objects.get()
    assert (event.customer_id, event.event_type, event.severity) == (None, "hub_deaf", "warning")
    assert event.message == (
        "The hub could not hear from 23 Nov 2026, 07:00 to 23 Nov 2026, 13:00 (6 h: it was not running). "
        "Since then 2 servers reported again, 1 did not yet."
    )
    assert json.loads(event.details_json) == {
        "deaf_from": "2026-11-23T06:00:00.000Z",
        "deaf_to": "2026-11-23T12:00:00.000Z",
        "deaf_seconds": 21600,
        "spans": 1,
        "heard_again": 2,
        "still_silent": 1,
    }


def test_spans_that_follow_each_other_are_told_together() -> None:
    deaf(-30, -20)
    deaf(-10, 0, "refused")

    assert not tell(NOW + 5 * MINUTE)
    assert tell(NOW + 15 * MINUTE)
    assert "(20 min: it was not running, it could not store what came)" in Event.objects.get().message


def test_a_hub_that_stops_again_and_again_is_told_nevertheless() -> None:
    for number in range(6):
        deaf(number * 12, number * 12 + 1)

    assert not tell(NOW + 60 * MINUTE)
    assert tell(NOW + 61 * MINUTE)


def test_a_restart_is_in_the_ledger_and_no_news() -> None:
    deaf(-0.5, 0)

    assert not tell(NOW + 20 * MINUTE)
    assert Event.objects.count() == 0
    assert DeafSpan.objects.get().told_at == NOW + 20 * MINUTE


@pytest.mark.django_db(transaction=True)
def test_two_hubs_tell_once() -> None:
    deaf(-60, 0)

    both_at_once(partial(tell, NOW + 15 * MINUTE), partial(tell, NOW + 15 * MINUTE))

    assert Event.objects.count() == 1
