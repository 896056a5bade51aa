from datetime import timedelta

import pytest
from django.db import transaction
from tests.build import NOW

from felhom_hub.customers.models import Customer
from felhom_hub.events.consequences import _rooms
from felhom_hub.events.counts import move_window
from felhom_hub.events.models import Event, EventCount
from felhom_hub.events.past import PastEvent, store_past_events

pytestmark = pytest.mark.django_db


def past(customer_id: str, age: timedelta) -> PastEvent:
    return PastEvent(customer_id, "backup_failed", "error", "m", "{}", "controller", NOW - age)


def test_past_events_are_stored_and_counted_and_nothing_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    def consequence(*_: object) -> None:
        raise AssertionError

    monkeypatch.setitem(_rooms, "test", consequence)
    move_window(NOW)
    with transaction.atomic():
        store_past_events(
            [past("a", timedelta(hours=1)), past("a", timedelta(days=9)), past("b", timedelta(0))], now=NOW
        )
        store_past_events([], now=NOW)

    assert Event.objects.count() == 3
    assert dict(EventCount.objects.values_list("customer__customer_id", "errors")) == {"a": 1, "b": 1}
    assert list(Customer.objects.values_list("customer_id", "is_managed").order_by("pk")) == [
        ("a", False),
        ("b", False),
    ]
