import importlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from tests.build import NOW, incoming_event, make_customer, record_all_events
from tests.notify.messages import make_message

from felhom_hub.customers.models import Customer
from felhom_hub.notify.models import Delivery, Preferences
from felhom_hub.notify.queries import RecordedDelivery, StoredPreferences, newest_deliveries, preferences_of

pytestmark = pytest.mark.django_db


def deliver(customer: Customer, minutes: float, event_type: str) -> None:
    Delivery.objects.create(
        customer=customer,
        event_type=event_type,
        audience="customer",
        channel="e-mail",
        recipient="peter@example.hu",
        result="failed",
        reason="mail service answered 429",
        answer="slow down",
        attempts=3,
        at=NOW - timedelta(minutes=minutes),
    )


def test_the_newest_come_first_and_only_the_customers_own() -> None:
    szabo, kiss = make_customer("szabo"), make_customer("kiss")
    for minutes, event_type in ((30, "node_stale"), (2, "disk_warning"), (9, "node_down")):
        deliver(szabo, minutes, event_type)
    deliver(kiss, 1, "test")

    found = newest_deliveries(szabo.pk, limit=2)

    assert [each.event_type for each in found] == ["disk_warning", "node_down"]
    assert found[0] == RecordedDelivery(
        event_id=None,
        event_type="disk_warning",
        audience="customer",
        channel="e-mail",
        recipient="peter@example.hu",
        result="failed",
        reason="mail service answered 429",
        answer="slow down",
        attempts=3,
        at=NOW - timedelta(minutes=2),
    )


def test_of_two_at_the_same_time_the_later_written_comes_first() -> None:
    szabo = make_customer("szabo")
    deliver(szabo, 5, "node_stale")
    deliver(szabo, 5, "node_down")

    assert [each.event_type for each in newest_deliveries(szabo.pk, limit=9)] == ["node_down", "node_stale"]


def test_what_nobody_asked_to_be_told_of_is_no_message(notifications: Callable[..., None]) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")
    szabo = make_customer("szabo")
    Preferences.objects.create(customer=szabo, enabled_events='["backup_failed"]', set_by="operator", updated_at=NOW)
    for event_type, severity in (("backup_completed", "info"), ("backup_failed", "error"), ("backup_failed", "error")):
        record_all_events([incoming_event("szabo", event_type=event_type, severity=severity)])
    assert Delivery.objects.count() == 6

    found = newest_deliveries(szabo.pk, limit=9)

    assert [(each.event_type, each.audience, each.result, each.reason) for each in found] == [
        ("backup_failed", "customer", "skipped", "no address is known"),
        ("backup_failed", "operator", "skipped", "within the cooldown of 1 h"),
        ("backup_failed", "customer", "skipped", "no address is known"),
        ("backup_failed", "operator", "queued", ""),
    ]


def test_preferences_are_the_customers_own_or_none() -> None:
    szabo, kiss = make_customer("szabo"), make_customer("kiss")
    Preferences.objects.create(
        customer=szabo, email="s@example.hu", enabled_events='["test", "node_down"]', set_by="operator", updated_at=NOW
    )

    assert preferences_of(szabo.pk) == StoredPreferences("s@example.hu", ("test", "node_down"), 6, "operator", NOW)
    assert preferences_of(kiss.pk) is None


def test_messages_of_before_are_marked_as_new_ones_are() -> None:
    """By the migration; what the policy says now is in test_policy.py."""
    marks = importlib.import_module("felhom_hub.notify.migrations.0005_which_are_ordinary").mark
    info, error = '{"severity": "info"}', '{"severity": "error"}'
    for audience, result, reason, inputs in (
        ("operator", "skipped", "the operator is told of warnings and errors", info),
        ("customer", "skipped", "the customer has not enabled this event", error),
        ("customer", "skipped", "no address is known", info),
        ("customer", "skipped", "no address is known", error),
        ("customer", "skipped", "no address is known", '{"severity": "info", "enabled": true}'),
        ("operator", "skipped", "no mail provider is configured", info),
        ("operator", "sent", "", info),
    ):
        make_message(audience=audience, result=result, reason=reason, inputs=inputs)

    marks(apps, None)

    assert list(Delivery.objects.order_by("pk").values_list("is_ordinary", flat=True)) == [True] * 3 + [False] * 4
