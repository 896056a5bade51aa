import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.build import NOW, incoming_event, make_customer, make_node, record_all_events
from tests.fleet.html import checked, report, title
from tests.notify.alarms import fall, hub_event

from felhom_hub.base.instants import to_milliseconds
from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event
from felhom_hub.notify.acknowledge import acknowledge
from felhom_hub.notify.models import Alarm, Delivery, Preferences
from felhom_hub.operators.audit import Actor

pytestmark = pytest.mark.django_db

EVERYTHING: dict[str, dict[str, Any]] = {
    "well": {},
    "canonical": {
        "containers": [{"name": "web", "stack": "web", "state": "exited"}, {"name": "db", "state": "running"}],
        "stacks": [{"name": "web", "display_name": "Web", "version": "1"}],
        "system": {"cpu_percent": 97, "memory_used_mb": 5, "memory_total_mb": 10, "load_1": 1, "cpu_cores": 4},
    },
    "counts": {"containers": {"total": 3, "running": 3}},
    "ill": {"health": {"status": "warn", "warnings": ["drive hdd1 is 91 % full", "backup failed"]}},
    "bare": {"system": None, "storage": None, "backup": None, "health": None, "controller_version": None},
}


@pytest.mark.parametrize("kind", EVERYTHING)
@pytest.mark.parametrize("minutes", [4, 45, 134])
def test_a_customers_page_in_every_state(browser: Client, kind: str, minutes: int) -> None:
    report(minutes=minutes, **EVERYTHING[kind])
    others = (("container_unhealthy", "error"), ("my_own", "info"))
    record_all_events([incoming_event(event_type=name, severity=severity) for name, severity in others])

    html = checked(browser, "/customers/kovacs-peter")

    expected = {134: "down", 45: "warning"}.get(minutes, "warning" if kind == "ill" else "ok")
    assert title(html) == f"Kovács Péter: {expected}"
    assert ('data-every="60"' in html, ", every 60 s</span>" in html) == (True, True)
    assert "This customer reports, but the hub has no config for it" in html
    assert 'action="/customers/kovacs-peter/create-config"' in html
    assert len(re.findall(r'class="btn[^"]* pri"', html)) == 1
    assert ('class="old"' in html) is (minutes == 134 and kind != "bare")


def test_a_pending_customers_page_asks_four_times_a_minute(browser: Client) -> None:
    make_customer("new", name="Lukács család", is_managed=True)

    html = checked(browser, "/customers/new")

    assert title(html) == "Lukács család: pending"
    assert 'data-every="15"' in html
    assert 'id="rhythm">, every 15 s</span>' in html
    assert "felhom-controller run --hub https://HUB-ADDRESS --customer-id new" in html
    assert "write it for HUB-ADDRESS" in html
    assert html.count('aria-current="step"') == 1
    assert "Not reporting after 30 min?" in html
    assert 'aria-label="On this page"' not in html  # one section is no choice
    assert '<a class="btn" href="/configs/new/edit">Edit config</a>' in html
    assert "MANAGED" in html


def test_a_blocked_customers_page_says_what_still_happens(browser: Client) -> None:
    report()
    Customer.objects.update(blocked_at=NOW - timedelta(days=10), note="Contract ended.\nBack in March.")

    html = checked(browser, "/customers/kovacs-peter")

    assert title(html) == "Kovács Péter: blocked"
    assert "Blocked since <time" in html
    assert "Reports are still accepted and stored" in html
    assert "enters limited mode after its grace period" in html
    assert 'action="/customers/kovacs-peter/unblock"' in html
    assert html.count('<button class="btn pri">Unblock</button>') == html.count("btn pri") == 1
    assert "create-config" not in html
    assert "Contract ended.<br>Back in March." in html


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(26, "Last report 26 min ago, still stored"), (9 * 24 * 60, "Last report 9 d ago")],
)
def test_a_blocked_customer_owes_no_report(browser: Client, minutes: int, words: str) -> None:
    report(minutes=minutes)
    Customer.objects.update(blocked_at=NOW - timedelta(days=10))

    html = checked(browser, "/customers/kovacs-peter")

    idline = re.sub(r"<[^>]*>", "", html[html.index('class="idline"') :].partition("</div>")[0])
    assert f"{words}Controller" in idline


@pytest.mark.parametrize("severity", ["", "error", "warning", "info", "fatal"])
def test_events_are_filtered_by_a_link(browser: Client, severity: str) -> None:
    report()
    record_all_events([incoming_event(message="the error"), incoming_event(severity="info", message="the info")])

    html = checked(browser, f"/customers/kovacs-peter?severity={severity}")

    assert ("the error" in html, "the info" in html) == (
        severity in ("", "error", "fatal"),
        severity in ("", "info", "fatal"),
    )


def test_more_events_come_by_a_link_that_needs_no_scripts(browser: Client) -> None:
    report()
    facts = [incoming_event(message=f"event {number:03}", severity="info") for number in range(60)]
    record_all_events(facts)
    Event.objects.update(details_json='{"<b>": "details"}')

    html = checked(browser, "/customers/kovacs-peter")

    assert ("event 010" in html, "event 009" in html, "All 60" in html) == (True, False, True)
    assert 'href="/customers/kovacs-peter?events=100#events" data-soft>Show 50 more' in html
    assert "{&quot;&lt;b&gt;&quot;: &quot;details&quot;}" in html
    html = checked(browser, "/customers/kovacs-peter?events=100")
    assert ("event 000" in html, "Show 50 more" in html) == (True, False)
    oldest = Event.objects.order_by("created_at", "pk")[2]
    html = checked(browser, f"/customers/kovacs-peter?before={to_milliseconds(oldest.created_at)}.{oldest.pk}")
    assert ("event 001" in html, "event 002" in html, "Newest events" in html) == (True, False, True)


def test_messages_are_listed_with_their_results(browser: Client) -> None:
    report()
    assert "No message has been sent about this customer" in checked(browser, "/customers/kovacs-peter")
    for result, reason in (("sent", ""), ("skipped", "<b>cooldown</b>"), ("failed", "refused")):
        Delivery.objects.create(
            customer=Customer.objects.get(),
            event_type="disk_warning",
            audience="customer",
            channel="e-mail",
            recipient="peter@example.hu",
            result=result,
            reason=reason,
            at=NOW,
        )

    html = checked(browser, "/customers/kovacs-peter")

    assert "Skipped, <bdi>&lt;b&gt;cooldown&lt;/b&gt;</bdi>" in html
    assert "Failed: <bdi>refused</bdi>" in html
    assert "p…@example.hu" in html
    assert "peter@example.hu" not in html


def test_an_unknown_id_names_the_closest_one(browser: Client) -> None:
    make_customer("szabo-peter")

    html = checked(browser, "/customers/szabo-petr", 404)

    assert "<h1>No customer with the id “szabo-petr”</h1>" in html
    assert 'Closest: <a href="/customers/szabo-peter">szabo-peter</a>.' in html
    assert "Closest" not in checked(browser, "/customers/nobody", 404)
    assert "&lt;script&gt;" in checked(browser, "/customers/<script>", 404)


def test_preferences_are_shown_with_the_events_labels(browser: Client) -> None:
    report()
    assert "The box has not said whom to mail." in checked(browser, "/customers/kovacs-peter")
    Preferences.objects.create(
        customer=Customer.objects.get(),
        email="anna@example.hu",
        enabled_events='["disk_critical", "fan_too_loud"]',
        cooldown_hours=12,
        set_by="controller",
        updated_at=NOW,
    )

    html = checked(browser, "/customers/kovacs-peter")

    assert "The box has not said whom to mail." not in html
    assert "<bdi>anna@example.hu</bdi>" in html
    assert re.search(r"<dd>\s*Drive is nearly full, \s*<code>fan_too_loud</code> \(uncatalogued\)\s*</dd>", html)
    assert "12 h for each type" in html


def test_preferences_without_address_and_events_say_so(browser: Client) -> None:
    report()
    Preferences.objects.create(customer=Customer.objects.get(), cooldown_hours=0, set_by="controller", updated_at=NOW)

    html = checked(browser, "/customers/kovacs-peter")

    assert "none, the customer is not mailed" in html
    assert re.search(r'<dd>\s*<span class="mut">none</span>\s*</dd>', html)


def test_the_banner_says_who_has_taken_what_is_wrong(browser: Client) -> None:
    report(minutes=134)
    customer = Customer.objects.get()
    fall(customer)
    hub_event(customer, "backup_failed", "error", at=NOW)
    for alarm in Alarm.objects.all():
        acknowledge(alarm.pk, f"for <{alarm.event_type}>", now=NOW, by=Actor("kata"))

    html = checked(browser, "/customers/kovacs-peter")

    banner = re.sub(r"<.*?>", "", html[html.index('id="now"') : html.index('id="alarms"')])
    assert "Acknowledged by kata under 1 min ago: “for &lt;node_down&gt;”" in banner
    assert "Backup failed: acknowledged by kata under 1 min ago: “for &lt;backup_failed&gt;”" in banner


def test_the_config_of_a_managed_box_is_compared_with_the_hubs(browser: Client) -> None:
    customer = make_customer("managed", is_managed=True)
    assert 'id="config"' not in checked(browser, "/customers/managed")
    make_node(customer, config_hash="a" * 64, expected_hash="b" * 64)

    html = checked(browser, "/customers/managed")
    section = html.split('id="config"')[1].split("</details>")[0]

    assert 'href="#config">Config' in html
    assert "differs from the hub" in section
    assert ("<code>aaaaaaaaaaaa…</code>" in section, "<code>bbbbbbbbbbbb…</code>" in section) == (True, True)
    assert 'href="/customers/managed/diff"' in section
    assert 'href="/customers/managed/config"' in section
