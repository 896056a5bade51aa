from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.build import NOW, incoming_event, make_api_key, make_customer, record_all_events

from felhom_hub.base.db import Db
from felhom_hub.base.errors import Unauthorized
from felhom_hub.customers.auth import digest_of
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.events.counts import move_window
from felhom_hub.events.models import Event, EventCount
from felhom_hub.events.record import HubEvent, record_hub_events

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def counts() -> dict[str, tuple[int, int]]:
    rows = EventCount.objects.values_list("customer__customer_id", "errors", "warnings")
    return {customer_id: (errors, warnings) for customer_id, errors, warnings in rows}


def test_an_event_is_kept_as_it_was_read() -> None:
    event = incoming_event(
        "a", event_type="fan_too_loud", severity="warning", message="Zajos 😀", details_json='{"db": 61}'
    )

    assert record_all_events([event]) == [True]

    columns = ("customer__customer_id", "event_type", "severity", "message", "details_json", "source", "created_at")
    assert list(Event.objects.values_list(*columns)) == [
        ("a", "fan_too_loud", "warning", "Zajos 😀", '{"db": 61}', "controller", NOW)
    ]


def test_the_same_event_twice_happened_twice() -> None:
    record_all_events([incoming_event(), incoming_event()])
    record_all_events([incoming_event()])

    assert Event.objects.count() == 3


def test_events_keep_the_order_of_their_arrival() -> None:
    record_all_events([incoming_event(message=str(index)) for index in range(50)])

    assert list(Event.objects.order_by("pk").values_list("message", flat=True)) == [str(index) for index in range(50)]


def test_an_unknown_customer_becomes_a_manual_one_without_a_name() -> None:
    record_all_events([incoming_event("nagy-anna")])

    assert list(Customer.objects.values_list("customer_id", "name", "is_managed")) == [("nagy-anna", "", False)]


def test_a_blocked_customers_event_is_stored() -> None:
    make_customer("a", blocked_at=NOW)

    assert record_all_events([incoming_event("a")]) == [True]
    assert Event.objects.count() == 1


def test_a_key_that_was_revoked_meanwhile_refuses_its_own_events_only() -> None:
    digest = digest_of(make_api_key(make_customer("a")))
    Credential.objects.update(revoked_at=NOW)

    refused, stored = record_all_events([incoming_event("a", key_digest=digest), incoming_event("b")])

    assert (type(refused), stored) == (Unauthorized, True)
    assert list(Event.objects.values_list("customer__customer_id", flat=True)) == ["b"]
    assert counts() == {"b": (1, 0)}


def test_errors_and_warnings_are_counted_as_they_are_stored() -> None:
    for severities in (("error", "warning", "info"), ("error", "error"), ("info",)):
        record_all_events([incoming_event("a", severity=severity) for severity in severities])
    record_all_events([incoming_event(name, severity="warning") for name in ("b", "a", "b")])
    record_all_events([incoming_event("c", severity="info")])

    assert counts() == {"a": (3, 2), "b": (0, 2)}


@pytest.mark.parametrize(
    ("ages", "errors"),
    [([0, 1], 2), ([1440], 1), ([1440.01], 0), ([0, 5000, 1, 9000], 2)],
)
def test_events_from_before_the_window_are_kept_but_not_counted(ages: list[float], errors: int) -> None:
    move_window(NOW)

    record_all_events([incoming_event("a", received_at=NOW - age * MINUTE) for age in ages])

    assert Event.objects.count() == len(ages)
    assert counts().get("a", (0, 0)) == (errors, 0)


def test_no_events_are_nothing_to_do() -> None:
    assert record_all_events([]) == []


def test_everything_that_text_may_hold_is_kept() -> None:
    texts: list[Any] = ["O'Neil", "{}", '"', "\\", "%s", "?", "NULL", "a,b", "\n"]

    record_all_events([incoming_event(message=text, details_json=text) for text in texts])

    assert list(Event.objects.order_by("pk").values_list("message", "details_json")) == [(text, text) for text in texts]


def test_an_event_of_the_whole_fleet_has_no_customer_and_no_count() -> None:
    customer = make_customer("a")
    with transaction.atomic():
        events = [
            HubEvent(None, "hub_was_deaf", "warning", "Deaf"),
            HubEvent(customer.pk, "node_down", "error", "Silent"),
        ]
        record_hub_events(Db(), events, now=NOW)
    move_window(NOW + MINUTE)

    rows = Event.objects.order_by("pk").values_list("customer__customer_id", "event_type", "source", "created_at")
    assert list(rows) == [(None, "hub_was_deaf", "hub", NOW), ("a", "node_down", "hub", NOW)]
    assert counts() == {"a": (1, 0)}
