import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.build import NOW, incoming_event, make_customer, record_all_events
from tests.notify.messages import make_suppression, make_wishes

from felhom_hub.base.db import Db
from felhom_hub.events.models import Event
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.notify import deciding
from felhom_hub.notify.models import Delivery, Preferences, Told
from felhom_hub.notify.policy import decide as decided_on
from felhom_hub.notify.record import record_notices

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _with_mail(notifications: Callable[..., None]) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")


def wish(customer_id: str = "a", *types: str, email: str = "anna@example.hu", hours: int = 6) -> None:
    make_wishes(make_customer(customer_id), *types, email=email, hours=hours)


def happen(event_type: str, severity: str = "error", *, at: datetime = NOW, customer_id: str = "a") -> None:
    record_all_events([incoming_event(customer_id, event_type=event_type, severity=severity, received_at=at)])


def hub_event(customer_pk: int | None, event_type: str, severity: Any, details: str = "", at: datetime = NOW) -> None:
    with transaction.atomic():
        record_hub_events(Db(), [HubEvent(customer_pk, event_type, severity, "", details)], now=at)


def decided(**where: Any) -> list[tuple[str, str, str]]:
    rows = Delivery.objects.filter(**where).order_by("pk")
    return list(rows.values_list("event_type", "audience", "reason"))


def test_each_audience_has_its_row_with_address_and_inputs() -> None:
    wish("a", "backup_failed")
    happen("backup_failed")

    operator, customer = Delivery.objects.order_by("pk")
    event = Event.objects.get()
    assert [(each.result, each.recipient, each.event, each.next_at) for each in (operator, customer)] == [
        ("queued", "operator@example.org", event, NOW),
        ("queued", "anna@example.hu", event, NOW),
    ]
    assert json.loads(customer.inputs)["cooldown_hours"] == 6
    assert None not in (operator.key, customer.key)
    assert operator.key != customer.key


def test_without_settings_every_message_waits_for_a_provider(notifications: Callable[..., None]) -> None:
    notifications(operator_email="", resend_api_key="")
    wish("a", "backup_failed")
    happen("backup_failed")

    assert decided() == [
        ("backup_failed", "operator", "no mail provider is configured"),
        ("backup_failed", "customer", "no mail provider is configured"),
    ]
    assert not Told.objects.exists()


def test_cooldowns_are_each_audiences_own_and_survive_as_rows() -> None:
    wish("a", "backup_failed", hours=6)
    for minutes in (0, 59, 60, 359, 360):
        happen("backup_failed", at=NOW + minutes * MINUTE)

    held = "within the cooldown of 1 h"
    assert [reason for _, _, reason in decided(audience="operator")] == ["", held, "", "", held]
    assert [reason for _, _, reason in decided(audience="customer")] == ["", *["within the cooldown of 6 h"] * 3, ""]
    assert json.loads(Delivery.objects.filter(audience="customer").order_by("-pk")[0].inputs)["held_back"] == 3
    assert json.loads(Delivery.objects.filter(audience="operator", at=NOW + 60 * MINUTE)[0].inputs)["held_back"] == 1


def test_cooldowns_hold_within_a_batch_and_for_one_customer_only() -> None:
    record_all_events([incoming_event(name) for name in ("a", "a", "b", "a")])

    results = Delivery.objects.filter(audience="operator").values_list("customer__customer_id", "result")
    assert sorted(results) == [("a", "queued"), ("a", "skipped"), ("a", "skipped"), ("b", "queued")]


def test_the_operator_hears_of_a_recovery_only_after_the_alarm() -> None:
    happen("health_recovered", "info")
    happen("health_degraded", "warning", at=NOW + MINUTE)
    happen("health_recovered", "info", at=NOW + 2 * MINUTE)
    happen("health_recovered", "info", at=NOW + 3 * MINUTE)

    assert [reason for _, _, reason in decided(audience="operator")] == [
        "the operator is told of warnings and errors",
        "",
        "",
        "the operator is told of warnings and errors",
    ]


def test_a_second_outage_is_told_after_a_recovery_that_was_told() -> None:
    wish("a", "node_down")
    pk = Preferences.objects.get().customer_id
    for minutes, event_type, severity in ((0, "node_down", "error"), (9, "node_recovered", "info")):
        hub_event(pk, event_type, severity, at=NOW + minutes * MINUTE)
    hub_event(pk, "node_down", "error", at=NOW + 80 * MINUTE)

    assert [reason for _, _, reason in decided(audience="customer")] == ["", "", ""]


def test_a_blocked_customer_is_not_told_of() -> None:
    make_customer("a", blocked_at=NOW)
    happen("backup_failed")

    assert {reason for _, _, reason in decided()} == {"the customer is blocked"}


def test_events_of_an_incident_leave_it_to_the_incident() -> None:
    customer = make_customer("a")
    hub_event(customer.pk, "node_down", "error", '{"incident": 318}')
    hub_event(None, "hub_incident_began", "error", '{"incident": 318}')
    hub_event(customer.pk, "node_recovered", "info", '{"incident": 318}')

    assert decided(audience="operator") == [
        ("node_down", "operator", "part of incident 318"),
        ("hub_incident_began", "operator", ""),
        ("node_recovered", "operator", "the operator is told of warnings and errors"),
    ]
    assert Delivery.objects.get(event_type="hub_incident_began").customer is None


def test_what_an_unsteady_server_does_is_told_once() -> None:
    customer = make_customer("a")
    hub_event(customer.pk, "node_stale", "warning", '{"unsteady": true}')
    hub_event(customer.pk, "node_unsteady", "warning", "")

    assert decided(audience="operator") == [
        ("node_stale", "operator", "the server is unsteady, which was told once"),
        ("node_unsteady", "operator", ""),
    ]


def test_a_box_cannot_hold_its_own_alarm_back_by_naming_an_incident() -> None:
    for details in ('{"incident": 318}', '{"unsteady": true}'):
        record_all_events([incoming_event("a", event_type="disk_critical", details_json=details)])
        Told.objects.all().delete()

    assert [reason for _, _, reason in decided(audience="operator")] == ["", ""]


@pytest.mark.parametrize("details", ['{"incident": ', '["incident"]', '{"incident": {"a": 1}}', '"incident"'])
def test_details_that_name_no_incident_hold_nothing_back(details: str) -> None:
    hub_event(make_customer("a").pk, "node_down", "error", details)

    assert decided(audience="operator") == [("node_down", "operator", "")]


def test_a_first_controllers_message_is_for_the_customer_whatever_its_list() -> None:
    wish("a")
    with transaction.atomic():
        record_notices(Db(), [incoming_event("a", event_type="backup_failed")])
    happen("db_dump_failed")

    assert decided(audience="customer") == [
        ("backup_failed", "customer", ""),
        ("db_dump_failed", "customer", "the customer has not enabled this event"),
    ]


def test_an_address_to_which_mail_came_back_is_not_mailed() -> None:
    wish("a", "backup_failed", email="Anna@example.hu")
    make_suppression("anna@example.hu")
    happen("backup_failed")

    assert decided() == [
        ("backup_failed", "operator", ""),
        ("backup_failed", "customer", "mail to the address came back"),
    ]
    kept = json.loads(Delivery.objects.get(audience="customer").inputs)
    assert (kept["cause"], kept["suppressed"]) == ("suppressed", "mail to the address came back")


def test_a_damaged_list_of_wishes_stops_nothing() -> None:
    wish("a")
    Preferences.objects.update(enabled_events="[broken")
    happen("backup_failed")

    assert decided(audience="customer") == [("backup_failed", "customer", "the customer has not enabled this event")]


def test_an_event_whose_decision_fails_is_stored_with_a_failed_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def decide(inputs: Any, now: datetime) -> Any:
        if inputs.event_type == "disk_critical":
            raise ZeroDivisionError
        return decided_on(inputs, now)

    monkeypatch.setattr(deciding, "decide", decide)
    record_all_events([incoming_event("a", event_type="disk_critical"), incoming_event("a")])

    assert Event.objects.count() == 2
    assert list(Delivery.objects.filter(audience="operator").order_by("pk").values_list("result", "reason")) == [
        ("failed", "it could not be decided: ZeroDivisionError"),
        ("queued", ""),
    ]


def test_an_event_that_is_not_stored_has_no_message() -> None:
    def store_and_fail() -> None:
        with transaction.atomic():
            record_all_events([incoming_event("a")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        store_and_fail()

    assert (Event.objects.count(), Delivery.objects.count(), Told.objects.count()) == (0, 0, 0)


def test_statements_do_not_grow_with_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    for name in ("select", "insert"):
        monkeypatch.setattr(Db, name, counted(getattr(Db, name), name, calls))
    of_batches = []
    for count in (1, 40):
        calls.clear()
        record_all_events([incoming_event("a", message=str(number)) for number in range(count)])
        of_batches.append(calls[-7:])
        assert len(calls) < 17

    assert of_batches == [["select"] * 4 + ["insert"] * 3] * 2
    assert Delivery.objects.count() == 82


def counted(method: Callable[..., Any], name: str, calls: list[str]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        return method(*args, **kwargs)

    return call
