"""The reference of the API in real Chromium."""

import pytest
from playwright.sync_api import Page, expect
from tests.servers.browser import unsound

pytestmark = pytest.mark.browser


def test_an_endpoint_is_unfolded_and_leads_to_the_shape_of_its_body(page: Page) -> None:
    page.goto("/configuration")
    page.get_by_role("navigation", name="Settings pages").get_by_role("link", name="API").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("20 endpoints for controllers and programs")
    endpoint, shape = page.locator("#sendEvent"), page.locator("#shape-Event")
    expect(endpoint.locator("pre").first).to_be_hidden()

    endpoint.locator("summary").click()
    expect(endpoint.locator("pre").first).to_contain_text("curl")
    endpoint.get_by_role("link", name="Event", exact=True).click()

    expect(shape).to_be_in_viewport()
    expect(shape.get_by_role("rowheader", name="event_type")).to_be_visible()
    assert unsound(page, "api") == []


def test_all_is_unfolded_without_scripts(page: Page) -> None:
    page.goto("/api")

    page.get_by_role("link", name="Open all").click()

    expect(page.locator("details.sect:not([open])")).to_have_count(0)
    expect(page.locator("#shape-Report")).to_contain_text("app_telemetry[].containers[].memory_avg_mb")
