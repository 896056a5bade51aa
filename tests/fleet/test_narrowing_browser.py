"""The filters of the overview that rest on what the hub itself knows of a box, in real Chromium."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.build import incoming, record
from tests.recovery.checked import make_check
from tests.servers.browser import unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Customer
from felhom_hub.reports.models import NodeState

pytestmark = pytest.mark.browser


def test_whose_config_differs_and_who_cannot_be_rebuilt_is_filtered(page: Page) -> None:
    at = utc_now() - timedelta(minutes=2)
    record([incoming(each, received_at=at) for each in ("kiss-foto", "papp", "nagy")])
    NodeState.objects.update(config_hash="a" * 64, expected_hash="a" * 64)
    NodeState.objects.filter(customer__customer_id="papp").update(expected_hash="b" * 64)
    make_check(Customer.objects.get(customer_id="nagy"), "nuuuy", "It was never sent")
    page.goto("/")
    expect(page.locator("#c-nagy .c-bk")).to_contain_text("cannot be rebuilt")
    expect(page.locator("#c-papp .c-bk")).not_to_contain_text("cannot be rebuilt")
    assert unsound(page, "recoverable") == []

    for word, value, found in (("Config differs", "config", "papp"), ("Cannot be rebuilt", "unrecoverable", "nagy")):
        page.set_viewport_size({"width": 1440, "height": 900})  # `unsound` leaves it narrow
        page.goto("/")
        page.get_by_role("link", name=f"{word} 1").click()
        expect(page).to_have_url(re.compile(rf"/\?show={value}$"))
        expect(page.locator("[id^=c-] .c-bk")).to_have_count(1)
        expect(page.locator(f"#c-{found}")).to_be_visible()
        assert unsound(page, f"show-{value}") == []
