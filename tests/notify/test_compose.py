import json
from datetime import timedelta

import pytest
from django.db import transaction
from tests.build import NOW, incoming_event, make_customer, make_node, record_all_events
from tests.notify.situations import situation
from tests.servers.resend import Provider

from felhom_hub.base.db import Db
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.notify.compose import compose, html_of, situation_of
from felhom_hub.notify.for_customer import customer_letter
from felhom_hub.notify.models import Delivery

pytestmark = pytest.mark.django_db


def delivery() -> Delivery:
    return Delivery.objects.select_related("customer", "event").get(audience="operator")


@pytest.mark.usefixtures("resend")
def test_a_message_knows_its_event_and_what_the_hub_has_seen() -> None:
    customer = make_customer("a", name="Anna", town="Pécs", domain="a.example.hu", phone="1")
    make_node(customer, last_backup_at=NOW, last_backup_ok=False, controller_version="v0.30.1")
    record_all_events([incoming_event("a", message="disk full")])
    known = situation_of(delivery(), now=NOW + timedelta(minutes=1))

    assert (known.name, known.town, known.domain, known.phone) == ("Anna", "Pécs", "a.example.hu", "1")
    assert (known.last_report_at, known.last_backup_at, known.controller_version) == (NOW, None, "v0.30.1")
    assert (known.message, known.at, known.severity, known.cooldown) == ("disk full", NOW, "error", timedelta(hours=1))
    message = compose(delivery(), now=NOW)
    assert (message.recipient, message.thread, message.key) == ("operator@example.org", "a.operator", delivery().key)
    assert message.facts == {
        "event_type": "backup_failed",
        "severity": "error",
        "customer_id": "a",
        "message": "disk full",
    }
    assert json.loads(json.dumps(message.text)) == message.text


@pytest.mark.usefixtures("resend")
def test_an_incident_is_a_thread_of_its_own() -> None:
    with transaction.atomic():
        record_hub_events(
            Db(), [HubEvent(None, "hub_incident_began", "error", "12 silent", '{"incident": 318}')], now=NOW
        )

    message = compose(delivery(), now=NOW)
    assert (message.thread, message.subject) == (
        "incident-318.operator",
        "[INCIDENT] The fleet: many servers are silent",
    )


def test_what_comes_from_a_box_is_text_in_html() -> None:
    letter = customer_letter(situation(name="<b>Anna</b>", event_type="notify", message="<script>alert(1)</script>"))
    html = html_of(letter)

    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "Kedves &lt;b&gt;Anna&lt;/b&gt;!" in html


def test_html_says_what_the_text_says() -> None:
    letter = customer_letter(situation(event_type="node_down"))
    html = html_of(letter)

    assert '<html lang="hu">' in html
    assert "#cc2f2f" in html
    said = (letter.heading, *letter.paragraphs, *letter.steps, *letter.closing, *letter.footer)
    facts = [text for pair in letter.facts for text in pair]
    assert [text for text in (*said, *facts) if text not in html] == []


def test_a_provider_is_not_asked_while_a_message_is_written(resend: Provider) -> None:
    make_customer("a")
    record_all_events([incoming_event("a")])
    compose(delivery(), now=NOW)

    assert resend.requests == []
