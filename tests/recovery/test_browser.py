"""The page of a customer's snapshots in real Chromium."""

import pytest
from playwright.sync_api import Page, expect
from tests.recovery.snapshots import body_of, send
from tests.servers.browser import NewPage, overflow, unsound

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="window.hit=1">' + "W" * 70


def some_snapshots() -> None:
    send(
        body_of(hub={"url": "a"}, disk_layout=[{"name": "data"}]),
        body_of(hub={"url": "b"}, disk_layout=[{"name": HOSTILE}], restic_passwords={"local": "x"}),
    )


def test_the_page_can_be_used_by_everybody(page: Page) -> None:
    some_snapshots()
    page.goto("/customers/nagy/snapshots")

    expect(page.get_by_role("heading", level=1)).to_have_text("2 snapshots of nagy")
    assert unsound(page, "snapshots") == []
    assert page.evaluate("window.hit") is None

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download version 1").click()
    assert waiting.value.suggested_filename == "snapshot-nagy-1.json"
    assert waiting.value.path().read_bytes() == body_of(hub={"url": "a"}, disk_layout=[{"name": "data"}])

    page.get_by_label("to", exact=True).select_option("1")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="There is nothing to compare")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_it_fits_every_width(new_page: NewPage, width: int) -> None:
    some_snapshots()
    page = new_page(width=width)
    page.goto("/customers/nagy/snapshots")

    assert overflow(page) == 0
