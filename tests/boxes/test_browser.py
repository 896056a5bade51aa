"""The page of the differences, and a push from the customer's page, in real Chromium."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.boxes.conftest import Served, carry_out
from tests.servers.browser import NewPage, overflow, refresh, unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.configs.generate import generate
from felhom_hub.customers.models import Customer

pytestmark = pytest.mark.browser

BOX = "/customers/kiss-foto"
HOSTILE = "<img src=x onerror='window.hit=1'>" + "W" * 90


def has_changed(customer: Customer, served: Served) -> None:
    """Somebody has edited the file at the box."""
    text = generate(customer).yaml.replace('sync_schedule: "03:30"', 'sync_schedule: "05:00"')
    served.has(f'{text}apps:\n  jellyfin:\n    hw: "{HOSTILE}"\n  mail:\n    password: canary\n'.encode())


def compared(page: Page) -> None:
    page.goto(f"{BOX}/diff")
    page.get_by_role("button", name="Compare now").click()
    expect(page.get_by_text("Reading the controller’s configuration")).to_be_visible()
    carry_out(utc_now())
    expect(page.get_by_role("heading", level=1)).to_have_text("3 keys differ")


def test_the_page_can_be_used_by_everybody(page: Page, customer: Customer, served: Served) -> None:
    has_changed(customer, served)
    compared(page)

    row = page.get_by_role("row").filter(has_text="assets.sync_schedule")
    expect(row).to_contain_text("changed")
    for element, line in (("ins", "underline"), ("del", "line-through")):
        looks = row.locator(element).evaluate("each => getComputedStyle(each).textDecorationLine")
        assert looks == line
    page.get_by_text("Show 16 equal keys").click()
    expect(page.get_by_role("region", name="Equal keys")).to_be_visible()
    assert unsound(page, "diff") == []
    assert page.evaluate("window.hit") is None
    assert "canary" not in page.content()


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_it_fits_every_width(new_page: NewPage, customer: Customer, served: Served, width: int) -> None:
    has_changed(customer, served)
    page = new_page(width=width)
    compared(page)

    assert overflow(page) == 0


def test_a_push_from_the_customers_page(page: Page, customer: Customer, served: Served) -> None:
    has_changed(customer, served)
    page.goto(BOX)
    page.get_by_role("link", name="Push config…").click()
    dialog = page.get_by_role("dialog", name="Push config to Kiss Fotó?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Push config").click()

    expect(page.get_by_text("Pushing the configuration")).to_be_visible()
    carry_out(utc_now())
    expect(page.get_by_role("heading", name="Pushing the configuration: done")).to_be_visible()
    assert served.config.read() == generate(customer).content
    assert unsound(page, "pushed") == []


def test_a_push_from_the_differences_says_how_many_keys_would_change(
    page: Page, customer: Customer, served: Served
) -> None:
    has_changed(customer, served)
    compared(page)
    page.get_by_role("link", name="Push 3 changes…").click()
    dialog = page.get_by_role("dialog", name="Push config to Kiss Fotó?")
    expect(dialog).to_contain_text("3 keys would change on the controller")
    expect(dialog).to_contain_text("2 keys it has now would be removed.")
    assert unsound(page, "push-dialog") == []
    refresh(page)
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Push 3 changes").click()

    expect(page).to_have_url(re.compile(f"{BOX}$"))
    expect(page.get_by_text("Pushing the configuration")).to_be_visible()
    carry_out(utc_now())
    assert served.config.read() == generate(customer).content


def test_a_pull_is_reviewed_first(page: Page, customer: Customer, served: Served) -> None:
    has_changed(customer, served)
    compared(page)
    expect(page.get_by_text("Added: assets.sync_schedule, apps.jellyfin.hw")).to_be_visible()
    page.get_by_role("button", name="Pull 2 changes").click()

    expect(page.get_by_text("Kiss Fotó is stored as its controller has it.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 key differs")
