"""The fleet's recovery, and the section of one customer's, in real Chromium."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.build import incoming, make_customer, record
from tests.recovery.checked import make_check
from tests.servers.browser import unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Customer

pytestmark = pytest.mark.browser


def test_the_fleets_recovery_is_narrowed_and_leads_to_a_server(page: Page) -> None:
    now = utc_now()
    make_check(make_customer("kiss", name="Kiss Fotóstúdió", town="Győr"), at=now)
    make_check(make_customer("papp", name="Papp Borászat"), "yygyy", "hdd2 does not report any more", at=now)
    make_check(make_customer("sipos", name="Sipos Bt."), "nuuuy", "The server has never sent a snapshot", at=now)

    page.goto("/recovery")

    rows = page.locator("#list [data-row]")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 3 servers cannot be rebuilt")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Sipos Bt.")
    marks = page.locator("#list .txt svg").evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert max(marks) <= 20
    assert unsound(page, "recovery") == []

    page.set_viewport_size({"width": 1440, "height": 900})  # `unsound` leaves it narrow
    page.get_by_label("Filter servers").fill("hdd2")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/recovery\?q=hdd2$"))
    page.get_by_role("link", name="Open recovery of Papp Borászat").click()
    expect(page).to_have_url(re.compile(r"/customers/papp#recovery$"))


def test_a_customers_recovery_is_checked_by_a_click(page: Page) -> None:
    record([incoming("papp", received_at=utc_now() - timedelta(minutes=2))])
    make_check(Customer.objects.get(), "yyyyy", at=utc_now() - timedelta(hours=10))
    page.goto("/customers/papp#recovery")
    section = page.locator("#recovery")
    expect(section).to_contain_text("Recoverable: yes")

    section.get_by_role("button", name="Check now").click()

    expect(section).to_contain_text("Recoverable: no")
    expect(section).to_contain_text("The server has never sent a snapshot")
    assert unsound(page, "customer-recovery") == []
