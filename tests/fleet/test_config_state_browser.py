"""The customer page's section of the configuration, in real Chromium."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.build import incoming, record
from tests.servers.browser import unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Customer
from felhom_hub.reports.models import NodeState

pytestmark = pytest.mark.browser


def test_a_config_that_differs_is_seen_and_leads_to_the_differences(page: Page) -> None:
    record([incoming("papp", received_at=utc_now() - timedelta(minutes=2))])
    Customer.objects.update(is_managed=True)
    NodeState.objects.update(config_hash="a" * 64, expected_hash="b" * 64)

    page.goto("/customers/papp#config")

    section = page.locator("#config")
    expect(section).to_contain_text("differs from the hub's")
    expect(section.get_by_text("aaaaaaaaaaaa…")).to_be_visible()
    assert unsound(page, "customer-config") == []
    section.get_by_role("link", name="Show differences").click()
    expect(page).to_have_url(re.compile(r"/customers/papp/diff$"))
