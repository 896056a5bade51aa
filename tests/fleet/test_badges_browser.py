"""The badges of the navigation in real Chromium: a refresh brings and takes it, and the keyboard stays where it is."""

import pytest
from playwright.sync_api import Page, expect
from tests.build import make_customer
from tests.notify.alarms import begin_incident
from tests.recovery.checked import make_check
from tests.servers.browser import overflow, refresh, unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.notify.acknowledge import acknowledge
from felhom_hub.notify.models import Alarm
from felhom_hub.operators.audit import Actor

pytestmark = pytest.mark.browser


def test_a_refresh_brings_the_badge_and_takes_it_and_moves_no_focus(page: Page) -> None:
    page.goto("/events")
    entry = page.get_by_role("navigation", name="Main").get_by_role("link", name="Events")
    entry.focus()
    for customer_id in "ab":
        begin_incident([make_customer(customer_id)], utc_now())

    assert refresh(page) == 200
    expect(entry).to_have_accessible_name("Events 2 open incidents not acknowledged")
    expect(entry).to_be_focused()
    for width in (320, 390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) == 0, width
    assert unsound(page, "events-badge") == []

    for alarm in Alarm.objects.all():
        acknowledge(alarm.pk, "", now=utc_now(), by=Actor("kata"))
    assert refresh(page) == 200
    expect(entry).to_have_accessible_name("Events")
    assert refresh(page) == 304
    expect(entry).to_be_focused()


def test_both_badges_fit_and_the_one_at_recovery_leads_there(page: Page) -> None:
    page.goto("/events")
    entry = page.get_by_role("navigation", name="Main").get_by_role("link", name="Recovery")
    begin_incident([make_customer("a")], utc_now())
    for customer_id in ("b", "c"):
        make_check(make_customer(customer_id), "nuuuy", at=utc_now())

    assert refresh(page) == 200
    expect(entry).to_have_accessible_name("Recovery 2 servers cannot be rebuilt")
    for width in (320, 390, 768, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) == 0, width
    assert unsound(page, "recovery-badge") == []
    page.set_viewport_size({"width": 1440, "height": 900})
    entry.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("2 of 2 servers cannot be rebuilt")
    expect(entry).to_have_accessible_name("Recovery 2 servers cannot be rebuilt")
