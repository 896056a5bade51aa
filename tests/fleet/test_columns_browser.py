"""The column of the configuration in real Chromium: on every screen it is a column, or stands below another cell."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.build import incoming, record
from tests.servers.browser import overflow, unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Customer
from felhom_hub.reports.models import NodeState

pytestmark = pytest.mark.browser

PHONES = (320, 390)  # they leave out what is as it should be
WIDTHS = (*PHONES, 768, 1024, 1101, 1331, 1401, 1439, 1440, 1920)
HASHES = {
    "kiss": ("a", "b", None),
    "papp": ("a", "b", "a"),
    "szabo": ("a", "a", None),
    "toth": (None, "a", None),
}


@pytest.mark.parametrize("address", ["/", "/?cols=config,events"])
def test_whether_the_config_differs_is_said_once_on_every_screen(page: Page, address: str) -> None:
    for customer_id, (box, hub, same) in HASHES.items():
        record([incoming(customer_id, received_at=utc_now() - timedelta(minutes=2))])
        nodes = NodeState.objects.filter(customer__customer_id=customer_id)
        nodes.update(config_hash=box, expected_hash=hub, same_hash=same)
    Customer.objects.update(is_managed=True)
    page.goto(address)

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for customer_id, words, on_phones in (
            ("kiss", "differs", 1),
            ("toth", "unknown", 1),
            ("szabo", "in sync", 0),
            ("papp", "in sync (formatting differs)", 0),
        ):
            said = page.locator(f"#c-{customer_id}").get_by_text(words, exact=True).filter(visible=True)
            expect(said, f"{words} at {width}").to_have_count(on_phones if width in PHONES else 1)
        assert overflow(page) == 0, width
    assert unsound(page, "overview-config") == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("#c-kiss").get_by_role("link", name="differs").filter(visible=True).click()
    page.wait_for_url("**/customers/kiss/diff")
