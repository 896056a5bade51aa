"""The fleet's events, an incident and the page of a decision in real Chromium."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from tests.build import incoming_event, record_all_events
from tests.fleet.happenings import end_incident, make_server, open_incident
from tests.servers.browser import NewPage, overflow, refresh, unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event
from felhom_hub.notify.models import Delivery, Preferences
from felhom_hub.watch.models import Incident

pytestmark = pytest.mark.browser

MINUTE = timedelta(minutes=1)
WIDTHS = (320, 390, 768, 1024, 1200, 1440)


@pytest.fixture(autouse=True)
def _with_mail(settings: Settings) -> None:
    ways = {"operator_email": "operator@example.org", "resend_api_key": "re_key"}
    ways |= {"webhook_url": "https://chat.example.org/x", "webhook_secret": "s" * 32}
    settings.HUB = replace(settings.HUB, notifications=replace(settings.HUB.notifications, **ways))


def happen(customer_id: str, event_type: str, severity: str, minutes: float, message: str = "") -> None:
    at = utc_now() - minutes * MINUTE
    event = incoming_event(customer_id, event_type=event_type, severity=severity, message=message, received_at=at)
    record_all_events([event])


def a_day() -> Incident:
    """An incident of twelve servers that is open, one that is over, and a few events of others."""
    now = utc_now()
    for number in range(4):
        make_server(f"well{number}", heard_at=now - 3 * MINUTE, controller_version="v0.30.3")
    gone = [make_server(f"gone{number:02}", heard_at=now - 47 * MINUTE) for number in range(12)]
    Customer.objects.filter(customer_id__startswith="gone").update(town="Győr")
    ended = open_incident(now - 300 * MINUTE, gone[:5], fleet=16)
    end_incident(now - 200 * MINUTE, ended)
    incident = open_incident(now, gone, fleet=16, trait="on controller v0.30.0")
    Preferences.objects.create(
        customer=Customer.objects.get(customer_id="well0"), email="anna@example.hu", enabled_events='["disk_critical"]',
        set_by="controller", updated_at=now,
    )  # fmt: skip
    happen("well0", "disk_critical", "error", 140, "hdd1 is 95 % full")
    happen("well0", "disk_critical", "error", 12, "hdd1 is 97 % full and now read-only")
    happen("well1", "disk_warning", "warning", 30, "hdd1 is 91 % full (1.68 TB of 1.84 TB)")
    happen("well2", "update_completed", "info", 120, "Controller updated from v0.30.1 to v0.30.2")
    happen("well3", "ups_on_battery", "warning", 26 * 60, "UPS reports battery, 22 min left")
    sent = Delivery.objects.filter(result="queued")
    sent.filter(channel="email").update(result="sent", attempts=3, ended_at=now - 9 * MINUTE, answer="re_8fK2m0Qd")
    sent.filter(event_type="disk_warning").update(result="failed", attempts=3, answer="429 Too many requests")
    return incident


def number_of(event_type: str) -> int:
    return Event.objects.filter(event_type=event_type).latest("created_at").pk


def test_the_pages_are_sound_in_both_themes_at_both_widths(page: Page) -> None:
    incident = a_day()
    paths = {
        "events": "/events?period=7d",
        "events-empty": "/events?q=nobody",
        "incident": f"/incidents/{incident.pk}",
        "incident-ended": f"/incidents/{incident.pk - 1}",
        "why": f"/why/{number_of('disk_critical')}",
        "why-incident": f"/why/{number_of('node_stale')}",
        "why-failed": f"/why/{number_of('disk_warning')}",
        "no-event": "/why/999999",
    }
    found = []
    for name, path in paths.items():
        page.goto(path)
        page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
        found += unsound(page, name)

    assert found == []


def test_filters_follow_typing_and_choosing_and_are_in_the_address(page: Page) -> None:
    a_day()
    page.goto("/events")
    page.evaluate("window.stayed = true")
    page.get_by_label("Filter events").click()
    page.keyboard.type("WELL0", delay=20)

    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(2)
    expect(page.get_by_role("status")).to_have_text("2 events shown")
    page.wait_for_url(lambda url: url.endswith("/events?q=WELL0"))
    page.get_by_label("Filter events").fill("")
    expect(rows).to_have_count(24)
    page.get_by_label("Type").select_option("storage")
    expect(rows).to_have_count(3)
    page.get_by_role("link", name="Warnings 1").click()
    expect(rows).to_have_count(1)
    page.wait_for_url(lambda url: url.endswith("/events?type=storage&severity=warning"))
    week = page.get_by_role("link", name="7 d", exact=True)
    week.click()
    page.wait_for_url(lambda url: url.endswith("/events?type=storage&period=7d&severity=warning"))
    expect(week).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="All 3").click()
    expect(rows).to_have_count(3)
    page.get_by_label("Type").select_option("")
    expect(rows).to_have_count(25)
    assert page.evaluate("window.stayed")


def test_a_filter_that_is_cleared_leaves_nothing_chosen(page: Page) -> None:
    a_day()
    page.goto("/events")
    page.get_by_label("Type").select_option("app")
    expect(page.get_by_role("heading", name="No event matches")).to_be_visible()

    page.get_by_role("link", name="Clear filter").click()

    expect(page.locator("tr[data-row]")).to_have_count(24)
    expect(page.get_by_label("Type")).to_have_value("")


def test_all_of_it_works_without_scripts(new_page: NewPage) -> None:
    incident = a_day()
    page = new_page(scripts=False)
    page.goto("/events")
    page.get_by_label("Filter events").fill("well0")
    page.get_by_label("Type").select_option("disk_critical")
    page.get_by_role("button", name="Filter").click()

    expect(page.locator("tr[data-row]")).to_have_count(2)
    page.locator("tr[data-row]").first.get_by_role("link", name="Sent to operator").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Why did I (not) get this?")
    expect(page.get_by_text("not sent, cooldown until")).to_be_visible()
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Events").click()
    page.get_by_role("link", name=f"Open incident {incident.pk}").click()
    page.locator("#servers > summary").click()
    page.locator("#servers").get_by_role("link", name="Ügyfél gone00").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ügyfél gone00")


def test_what_happens_comes_by_itself(page: Page) -> None:
    incident = a_day()
    page.goto("/events")
    happen("well1", "backup_failed", "error", 0, "restic: refused")

    refresh(page)

    expect(page.locator("tr[data-row]").first).to_contain_text("restic: refused")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 incident is open")
    page.get_by_role("link", name="12 of 16 servers silent").click()
    end_incident(utc_now(), incident, left_behind=["gone03"])
    refresh(page)
    expect(page.locator("#finding")).to_contain_text("Silent still at its end: Ügyfél gone03.")
    expect(page.locator("h1 + .tag")).to_have_text("Ended")
    assert page.title() == f"Incident {incident.pk}: ended · felhom hub"


def test_the_keyboard_reaches_events_and_rows(page: Page) -> None:
    a_day()
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.wait_for_url("**/events")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("12 of 16 servers silent since")


def test_no_width_scrolls_sideways(page: Page) -> None:
    a_day()
    long = "Hosszúnevűügyfél" * 9
    happen("c" * 128, "x" * 64, "error", 3, long)
    Delivery.objects.filter(customer__customer_id="c" * 128).update(
        result="failed", attempts=3, answer=long * 3, recipient=f"{'a' * 60}@{'b' * 250}.hu", reason=long
    )
    Incident.objects.update(trait=f"in {long}")
    Customer.objects.filter(customer_id="gone01").update(name=long, town=long[:100])
    found: dict[tuple[str, int], Any] = {}
    for path in ("/events", f"/why/{number_of('x' * 64)}", f"/incidents/{Incident.objects.latest('pk').pk}"):
        page.goto(path)
        page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found[path, width] = overflow(page)

    assert {place: pixels for place, pixels in found.items() if pixels} == {}
