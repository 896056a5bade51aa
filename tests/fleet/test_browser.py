"""The fleet's pages in real Chromium: a refresh disturbs nobody, filters follow typing, nothing scrolls sideways."""

import json
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.build import incoming, incoming_event, make_customer, record, record_all_events
from tests.servers.browser import NewPage, overflow, refresh

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Customer
from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.notify.models import Preferences

SERVERS = 30
WIDTHS = (320, 390, 768, 1024, 1200, 1440)

pytestmark = pytest.mark.browser


def report(customer_id: str, *, minutes: float = 2, **members: Any) -> None:
    record([incoming(customer_id, received_at=utc_now() - timedelta(minutes=minutes), **members)])


def a_fleet() -> None:
    for number in range(SERVERS):
        report(f"c{number:02}", customer_name=f"Ügyfél {number:02}")
    Customer.objects.filter(customer_id="c07").update(town="Győr")


def test_a_refresh_keeps_focus_typed_text_and_scroll(page: Page) -> None:
    a_fleet()
    page.goto("/")
    field = page.get_by_label("Filter this list")
    field.evaluate("field => { field.value = 'half a na' }")
    field.focus()
    page.evaluate("scrollTo(0, 150)")
    report("c20", minutes=0, health={"status": "fail", "issues": ["drive hdd1 is read-only"]})

    refresh(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 30 servers needs attention")
    assert page.title() == "Fleet: 1 needs attention · felhom hub"
    expect(page.locator("#c-c20")).to_contain_text("Health check failed: drive hdd1 is read-only")
    expect(field).to_be_focused()
    expect(field).to_have_value("half a na")
    assert page.evaluate("scrollY") == 150


def test_the_first_server_comes_into_the_empty_page_by_itself(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("No customers yet")
    report("first", customer_name="Kovács Péter")

    refresh(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("The server is fine")
    expect(page.get_by_role("link", name="Kovács Péter")).to_be_visible()
    expect(page.locator("#legend")).to_be_visible()


def test_rows_stay_where_they_are_read_until_sorting_is_asked_for(page: Page) -> None:
    a_fleet()
    page.goto("/")
    link = page.get_by_role("link", name="Ügyfél 01")
    link.focus()
    report("c02", minutes=0, health="fail")

    refresh(page)

    expect(page.locator("#c-c02")).to_contain_text("DOWN")
    expect(link).to_be_focused()
    rows = page.locator("[data-row]")
    assert [rows.nth(place).get_attribute("id") for place in range(3)] == ["c-c00", "c-c01", "c-c02"]
    page.get_by_role("button", name="Sort again").click()
    expect(rows.first).to_have_id("c-c02")


def test_the_filter_narrows_at_once_ignores_accents_and_is_in_the_address(page: Page) -> None:
    a_fleet()
    page.goto("/")
    page.get_by_label("Filter this list").click()
    page.keyboard.type("gyor", delay=20)

    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 of 30 shown")
    page.wait_for_url(lambda url: url.endswith("/?q=gyor"))

    page.get_by_role("link", name="Clear filter").first.click()
    expect(page.locator("[data-row]")).to_have_count(SERVERS)
    expect(page.get_by_label("Filter this list")).to_have_value("")


def test_chips_facts_and_headings_are_links_that_need_no_new_page(page: Page) -> None:
    a_fleet()
    report("late", minutes=40)
    page.goto("/")
    page.evaluate("window.stayed = true")

    page.get_by_role("link", name="1 server silent").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    page.get_by_role("link", name="All 31").click()
    expect(page.locator("[data-row]")).to_have_count(31)
    page.get_by_role("link", name="Customer", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("31 of 31 shown, sorted by Customer, A to Z")
    expect(page.get_by_role("columnheader", name="Customer")).to_have_attribute("aria-sort", "ascending")
    page.wait_for_url(lambda url: url.endswith("/?sort=customer"))
    page.go_back()
    expect(page.get_by_role("columnheader", name="Customer")).not_to_have_attribute("aria-sort", "ascending")
    assert page.evaluate("window.stayed")


def test_all_of_it_works_without_scripts(new_page: NewPage) -> None:
    a_fleet()
    page = new_page(scripts=False)
    page.goto("/?sort=-customer")
    page.get_by_label("Filter this list").fill("GYŐR")
    page.keyboard.press("Enter")

    expect(page.locator("[data-row]")).to_have_count(1)
    page.wait_for_url(lambda url: url.endswith("/?q=GY%C5%90R&sort=-customer"))
    page.get_by_role("link", name="Ügyfél 07").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ügyfél 07")
    expect(page.get_by_text("App backup")).to_be_visible()


def test_a_customers_page_keeps_what_was_folded_and_shows_what_is_new(page: Page) -> None:
    report("c1", minutes=5, customer_name="Kovács Péter")
    record_all_events([incoming_event("c1", received_at=utc_now(), message="the first")])
    page.goto("/customers/c1")
    page.locator("#storage > summary").click()
    expect(page.locator("#storage table")).to_be_hidden()
    report("c1", minutes=0, customer_name="Kovács Péter", health={"status": "warn", "warnings": ["hdd1 is 91 % full"]})
    record_all_events([incoming_event("c1", received_at=utc_now(), message="the second")])

    refresh(page)

    expect(page.locator("#now")).to_contain_text("Hdd1 is 91 % full")
    expect(page.locator("#events .msg")).to_have_text(["the second", "the first"])
    expect(page.locator("#storage table")).to_be_hidden()
    page.get_by_role("link", name="See storage").click()
    expect(page.locator("#storage table")).to_be_visible()
    page.locator("#events").get_by_role("link", name="Info").click()
    expect(page.locator("#events")).to_contain_text("No such event")


def test_no_width_scrolls_sideways(page: Page) -> None:
    long = "Hosszúnevűügyfél" * 6
    report("c" * 128, customer_name=long, storage=[{"name": long, "path": f"/mnt/{long}", "percent": 97}],
           containers=[{"name": long, "state": "restarting"}], controller_version="v" + "1" * 60,
           health={"status": "fail", "issues": [long * 3]})  # fmt: skip
    Preferences.objects.create(customer=Customer.objects.get(), email=f"{'a' * 60}@{'b' * 60}.hu", set_by="controller",
                               enabled_events=json.dumps(["x" * 64, *CATALOGUE]), updated_at=utc_now())  # fmt: skip
    report("silent", minutes=134)
    record_all_events([incoming_event("silent", received_at=utc_now(), message=long * 4)])
    make_customer("pending", created_at=utc_now())
    found = {}
    for path in ("/", f"/customers/{'c' * 128}", "/customers/silent", "/customers/pending", "/customers/none"):
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found[path, width] = overflow(page)

    assert {place: pixels for place, pixels in found.items() if pixels} == {}


def test_the_longest_words_for_an_age_are_read_whole_at_every_width(page: Page) -> None:
    for name, is_paused in (("calm", False), ("paused", True)):
        record([incoming(name, received_at=utc_now(), monitoring_paused=is_paused)])
    page.goto("/")
    expect(page.locator(".c-seen time").first).to_have_text("under 1 min ago")

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        beyond = page.evaluate("""() => [...document.querySelectorAll(".c-seen time")].map((time) =>
            time.getBoundingClientRect().right - time.closest(".c-seen").getBoundingClientRect().right)""")
        assert beyond
        assert max(beyond) <= 0.5, width
