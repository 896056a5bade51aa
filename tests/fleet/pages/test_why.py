from typing import Any

import pytest
from tests.build import NOW, incoming_event, make_customer, record_all_events
from tests.fleet.html import checked, title

from felhom_hub.events.models import Event
from felhom_hub.notify.models import Delivery

pytestmark = pytest.mark.django_db


def happen(**members: Any) -> int:
    record_all_events([incoming_event("anna", **members)])
    return Event.objects.latest("pk").pk


def test_the_page_tells_every_decision(browser: Any) -> None:
    number = happen(details_json='{"exit": 1}')

    html = checked(browser, f"/why/{number}")

    assert title(html) == f"Event {number:,}: nobody told"
    assert "<h1>Why did I (not) get this?</h1>" in html
    for words in ("In short", "<h2>Operator</h2>", "<h2>Customer</h2>", "none is set up", "not looked at", "not tried"):
        assert words in html
    assert '<a href="/customers/anna">' in html
    assert "{&quot;exit&quot;: 1}" in html
    assert 'aria-current="page">' in html  # Events, in the navigation


def test_an_incident_is_linked(browser: Any) -> None:
    customer = make_customer("anna")
    event = Event.objects.create(
        customer=customer, event_type="node_stale", severity="warning", details_json='{"incident": 318}', source="hub",
        created_at=NOW,
    )  # fmt: skip
    Delivery.objects.create(
        event=event, customer=customer, event_type="node_stale", audience="operator", channel="email",
        result="skipped", reason="part of incident 318", at=event.created_at,
        inputs='{"cause": "incident", "incident": "318", "severity": "warning", "provider": "resend"}',
    )  # fmt: skip

    html = checked(browser, f"/why/{event.pk}")

    assert "incident 318 tells of it" in html
    assert html.count('href="/incidents/318"') == 2


@pytest.mark.parametrize("result", ["sent", "failed", "queued", "skipped"])
def test_every_result_has_its_words(browser: Any, result: str) -> None:
    number = happen()
    Delivery.objects.update(
        result=result, attempts=2, answer="429 slow down", reason="it was not accepted", ended_at=NOW,
        inputs='{"severity": "error", "provider": "resend"}',
    )  # fmt: skip

    html = checked(browser, f"/why/{number}")

    tag = {"sent": "Sent, try 2", "failed": "Failed", "queued": "Waiting", "skipped": "Not sent"}[result]
    assert html.count(f"</svg>{tag}</span>") == 2
    assert "429 slow down" in html


def test_without_decisions_it_says_why(browser: Any) -> None:
    number = happen()
    Delivery.objects.all().delete()

    assert "No decision is kept" in checked(browser, f"/why/{number}")


@pytest.mark.parametrize("number", ["1", "0", "9" * 40, "9" * 5000])
def test_an_unknown_event_is_not_found(browser: Any, number: str) -> None:
    checked(browser, f"/why/{number}", 404)


def test_the_customers_page_leads_here_from_events_and_messages(browser: Any) -> None:
    number = happen()

    html = checked(browser, "/customers/anna")

    assert html.count(f'href="/why/{number}"') == 3  # the alarm, the event, and the message to the operator
