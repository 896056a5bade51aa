"""Acknowledged alarms in real Chromium: an acknowledgement comes to the open overview and fits at every width."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.build import incoming, record
from tests.notify.alarms import fall
from tests.servers.browser import overflow, refresh, unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Customer
from felhom_hub.notify.acknowledge import acknowledge
from felhom_hub.notify.models import Alarm
from felhom_hub.operators.audit import Actor

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 768, 1101, 1440)


def test_an_acknowledgement_comes_to_the_open_overview_and_fits_at_every_width(page: Page) -> None:
    record([incoming("kovacs", received_at=utc_now() - timedelta(minutes=134))])
    fall(Customer.objects.get(), at=utc_now())
    page.goto("/")
    note = "á" * 150 + " https://example.org/tickets/4471"
    acknowledge(Alarm.objects.get().pk, note, now=utc_now(), by=Actor("k" * 90))

    assert refresh(page) == 200

    tag = page.locator("#c-kovacs .ack")
    expect(tag).to_contain_text("acknowledged by kkk")
    expect(tag).to_contain_text("ticket")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) == 0, width
    assert unsound(page, "overview-acknowledged") == []
    page.goto("/customers/kovacs")
    expect(page.locator("#now")).to_contain_text("Acknowledged by kkk")
    assert unsound(page, "customer-acknowledged") == []
