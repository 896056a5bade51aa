"""A press of the mouse that takes as long as a person's, on a form that is being looked through, in real Chromium."""

import pytest
from playwright.sync_api import Page, expect
from tests.servers.browser import settle

pytestmark = pytest.mark.browser


def test_nothing_moves_under_a_mouse_that_is_pressed(page: Page) -> None:
    page.goto("/configs/new")
    page.locator("#legacy summary").click()
    page.locator("#f-ping_integrity").fill("no UUID")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    save = page.get_by_role("button", name="Save customer")
    save.hover()
    before = save.bounding_box()

    # The press leaves the field: what is wrong with it is asked, and known before the button is released.
    with page.expect_response("**/configs/check"):
        page.mouse.down()
    settle(page)
    assert save.bounding_box() == before
    page.mouse.up()

    expect(page.locator("#summary")).to_be_focused()


def test_what_is_wrong_is_said_once_the_mouse_is_released(page: Page) -> None:
    page.goto("/configs/new")
    page.get_by_label("Disk warning, %").fill("97")
    page.get_by_role("heading", level=1).hover()
    with page.expect_response("**/configs/check"):
        page.mouse.down()
    settle(page)
    assert page.locator("[aria-invalid=true]").count() == 0
    page.mouse.up()

    expect(page.locator("[aria-invalid=true]")).to_have_count(1)
