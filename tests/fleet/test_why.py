import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries, Settings
from tests.build import NOW, incoming_event, make_customer, record_all_events

from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event
from felhom_hub.fleet.why import WhyPage, why_page
from felhom_hub.notify.ledger import State
from felhom_hub.notify.models import Delivery, Preferences

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Europe/Budapest")


@pytest.fixture(autouse=True)
def _with_mail(settings: Settings) -> None:
    mail = replace(settings.HUB.notifications, operator_email="operator@example.org", resend_api_key="re_key")
    settings.HUB = replace(settings.HUB, notifications=mail)


def happen(customer_id: str = "anna", event_type: str = "backup_failed", severity: str = "error") -> int:
    record_all_events([incoming_event(customer_id, event_type=event_type, severity=severity)])
    return Event.objects.latest("pk").pk


def page(number: int) -> WhyPage:
    found = why_page(number, zone=ZONE)
    assert found is not None
    return found


def test_nothing_is_said_of_no_event() -> None:
    assert why_page(1, zone=ZONE) is None


def test_the_operator_stands_before_the_customer_each_with_its_ledger() -> None:
    found = page(happen())

    assert [audience.name for audience in found.audiences] == ["Operator", "Customer"]
    ((operator,), (customer,)) = (audience.ledgers for audience in found.audiences)
    assert (operator.channel, operator.tag, operator.to) == ("Mail", "Waiting", "o…@example.org")
    assert (operator.verdict, operator.rest) == ("waiting", "for its turn")
    assert (customer.tag, customer.verdict, customer.rest) == ("Not sent", "not sent", "not on its list of events")
    assert [(row.check.name, row.css) for row in customer.rows] == [
        ("Blocked customer?", ""),
        ("Event type", " stop"),
        ("Provider", " not"),
        ("Address", " not"),
        ("One cause?", " not"),
        ("Cooldown", " not"),
        ("Send", " not"),
    ]
    assert (found.customer_path, found.line.title, found.state) == (
        "/customers/anna", "restic: exit status 1", "on its way",
    )  # fmt: skip


def test_every_channel_of_an_audience_has_its_own(settings: Settings) -> None:
    hook = replace(settings.HUB.notifications, webhook_url="https://chat.example.org/x", webhook_secret="s" * 32)
    settings.HUB = replace(settings.HUB, notifications=hook)

    operator = page(happen()).audiences[0]

    assert [ledger.channel for ledger in operator.ledgers] == ["Mail", "Webhook"]
    assert len({ledger.anchor for ledger in operator.ledgers}) == 2


@pytest.mark.parametrize(
    ("columns", "tag", "state", "last"),
    [
        ({"result": "sent", "attempts": 1, "ended_at": NOW}, "Sent", "told", State.PASSED),
        ({"result": "sent", "attempts": 3, "ended_at": NOW}, "Sent, try 3", "told", State.PASSED),
        ({"result": "failed", "attempts": 3, "answer": "550"}, "Failed", "a message failed", State.FAILED),
        ({"result": "skipped", "reason": "the customer is blocked"}, "Not sent", "nobody told", State.DECIDED),
    ],
)
def test_what_became_of_a_message_is_in_its_tag(columns: dict[str, Any], tag: str, state: str, last: State) -> None:
    number = happen()
    Delivery.objects.filter(audience="operator").update(**columns)

    found = page(number)

    (ledger,) = found.audiences[0].ledgers
    assert (ledger.tag, found.state, ledger.rows[-1].check.state) == (tag, state, last)
    assert ledger.ended_at == columns.get("ended_at")


def test_one_that_was_sent_again_says_so() -> None:
    number = happen()
    failed = Delivery.objects.get(audience="operator")
    again = {
        name: getattr(failed, name) for name in ("event_id", "event_type", "audience", "channel", "recipient", "inputs")
    }
    Delivery.objects.create(**again, result="queued", again_of=failed, at=NOW)

    assert [ledger.again for ledger in page(number).audiences[0].ledgers] == ["", "sent again"]


def test_an_event_of_before_has_no_decisions_and_a_deleted_customer_no_page() -> None:
    number = happen()
    Delivery.objects.all().delete()
    Customer.objects.update(deleted_at=NOW)

    found = page(number)

    assert (found.audiences, found.customer_path, found.state) == ([], "", "nobody told")


def test_an_event_of_an_incident_names_it() -> None:
    details = json.dumps({"last_report_at": "", "incident": 318})
    number = Event.objects.create(
        customer=make_customer("a"), event_type="node_stale", severity="warning", details_json=details, source="hub",
        created_at=NOW,
    ).pk  # fmt: skip

    assert page(number).line.incident == "318"


def test_a_page_costs_two_queries_however_much_was_decided(
    django_assert_num_queries: DjangoAssertNumQueries, settings: Settings
) -> None:
    Preferences.objects.create(
        customer=make_customer("anna"), email="anna@example.hu", enabled_events='["backup_failed"]',
        set_by="controller", updated_at=NOW,
    )  # fmt: skip
    hook = replace(settings.HUB.notifications, webhook_url="https://chat.example.org/x", webhook_secret="s" * 32)
    settings.HUB = replace(settings.HUB, notifications=hook)
    number = happen()

    with django_assert_num_queries(2):
        page(number)
