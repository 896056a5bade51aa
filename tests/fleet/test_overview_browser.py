"""The overview in real Chromium: a refresh moves nothing, columns, the order and the search work for everybody."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.build import incoming, incoming_event, make_customer, record, record_all_events
from tests.recovery.checked import make_check
from tests.servers.browser import NewPage, axe_violations, overflow, refresh, save_screenshot, unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.models import Visit

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 768, 1024, 1101, 1200, 1331, 1401, 1439, 1440, 1540)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7|add:7 }}{% csrf_field %}",
    "javascript:alert(1)",
    "\u202etxt.exe\u2066",
    "</title></textarea></svg><svg onload=alert(1)>",
    '=HYPERLINK("http://x")',
    "á" * 10_000,
)  # fmt: skip


def report(customer_id: str, *, minutes: float = 2, **members: Any) -> None:
    record([incoming(customer_id, received_at=utc_now() - timedelta(minutes=minutes), **members)])


def a_fleet() -> None:
    """One of each kind, and six that are well."""
    report("kiss-foto", customer_name="Kiss Fotóstúdió", health={"status": "fail", "issues": ["hdd1 is read-only"]})
    report("papp", minutes=134, customer_name="Papp Borászat")
    report("szabo", customer_name="Szabó Péter", health={"status": "warn", "warnings": ["hdd1 is 91 % full"]})
    report("nemeth", minutes=38, customer_name="Németh Könyvelés")
    report("paused", customer_name="Mészáros Éva", monitoring_paused=True)
    make_customer("new", name="Új Ügyfél", town="Győr", created_at=utc_now() - timedelta(hours=3))
    for number in range(6):
        report(f"well{number}", minutes=number + 1, customer_name=f"Gál Mihály {number}")
    record_all_events([incoming_event("kiss-foto"), incoming_event("szabo", severity="warning")])


def looked(hours: int = 6) -> None:
    """The operator has looked so many hours ago; since then Gál Mihály 0 has recovered and all others went wrong."""
    well = Customer.objects.get(customer_id="well0").pk
    Visit.objects.update(before_at=utc_now() - timedelta(hours=hours), before=f"[[{well}],[]]")


def test_refreshes_move_nothing(page: Page) -> None:
    a_fleet()
    page.goto("/")
    looked()
    page.reload()
    page.evaluate("""() => {
        window.shifts = [];
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.shifts.push(
            [entry.value, ...entry.sources.map((source) => source.node && source.node.parentNode.outerHTML)]
        ))).observe({ type: "layout-shift", buffered: false });
    }""")

    for number in range(6):
        report(f"well{number}", minutes=0, customer_name=f"Gál Mihály {number}", controller_version=f"v0.31.{number}",
               system={"cpu_percent": 100 - 9 * number, "memory_percent": 8 + 11 * number, "disk_percent": 99,
                       "temperature_celsius": 40 + 9 * number})  # fmt: skip
        assert refresh(page) == 200
        page.wait_for_timeout(100)

    expect(page.locator("#c-well5 .c-mem")).to_have_text("63 %")
    # A number that becomes critical is set bold, with a mark before it, which may move it by a pixel in its own meter.
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, *_ in shifts) < 0.0001
    assert [part for _, *parts in shifts for part in parts if not part.startswith(("<span>1", "<i>%"))] == []


def test_columns_are_chosen_by_keyboard_and_are_in_the_address_and_remembered(page: Page) -> None:
    a_fleet()
    page.goto("/?sort=cpu")
    page.locator("#columns summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Memory").focus()
    page.keyboard.press("Space")

    expect(page.get_by_role("columnheader", name="Memory")).to_have_count(0)
    page.wait_for_url(
        lambda url: url.endswith("/?cols=reports,cpu,disk,temperature,backup,controller,config,events,-&sort=cpu")
    )
    expect(page.get_by_label("Memory")).to_be_focused()
    expect(page.locator("#columns")).to_have_attribute("open", "")
    refresh(page)
    expect(page.get_by_label("Memory")).to_be_focused()
    expect(page.get_by_label("Memory")).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator("#columns summary")).to_be_focused()

    page.goto("/")
    expect(page.get_by_role("columnheader", name="Memory")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="CPU", exact=True)).to_have_count(1)
    page.get_by_role("link", name="Down").click()
    page.wait_for_url(
        lambda url: url.endswith("/?status=down&cols=reports,cpu,disk,temperature,backup,controller,config,events")
    )


def test_columns_order_and_search_work_without_scripts(new_page: NewPage) -> None:
    a_fleet()
    page = new_page(scripts=False)
    page.goto("/?q=m")
    page.locator("#columns summary").click()
    page.get_by_label("Disk").uncheck()
    page.get_by_role("button", name="Show these columns").click()
    expect(page.get_by_role("columnheader", name="Disk")).to_have_count(0)
    page.get_by_role("link", name="CPU", exact=True).click()
    expect(page.get_by_role("columnheader", name="CPU", exact=True)).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_role("columnheader", name="Disk")).to_have_count(0)
    page.get_by_label("Go to customer or app").fill("gal mihaly 3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gál Mihály 3")


def test_every_heading_sorts_by_keyboard(page: Page) -> None:
    a_fleet()
    for name, direction, first in (
        ("Status", "ascending", "c-kiss-foto"),
        ("Customer", "ascending", "c-well0"),
        ("Reports, last 24 h", "descending", "c-papp"),
        ("Last report", "ascending", "c-papp"),
        ("Events, 24 h", "descending", "c-kiss-foto"),
    ):
        page.goto("/")

        page.get_by_role("link", name=name, exact=True).focus()
        page.keyboard.press("Enter")

        expect(page.get_by_role("columnheader", name=name)).to_have_attribute("aria-sort", direction)
        expect(page.locator("[data-row]").first).to_have_id(first)
        expect(page.get_by_role("link", name=name, exact=True)).to_be_focused()
        expect(page.get_by_role("status")).to_contain_text(f"12 of 12 shown, sorted by {name}")


def test_slash_leads_to_the_search_of_the_whole_hub(page: Page) -> None:
    a_fleet()
    page.goto("/customers/papp")
    page.keyboard.press("/")
    expect(page.get_by_label("Go to customer or app")).to_be_focused()
    page.keyboard.type("gal")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("6 hits for “gal”")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Gál Mihály 0")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gál Mihály 0")


def test_the_kinds_of_hits_stand_apart(page: Page) -> None:
    page.goto("/search?q=zzz")

    first, second = (page.locator("main .card").nth(place).bounding_box() for place in range(2))

    assert first is not None
    assert second is not None
    assert second["y"] - first["y"] - first["height"] >= 8


def test_on_a_phone_no_hit_covers_its_own_status(new_page: NewPage) -> None:
    a_fleet()
    page = new_page(width=390)
    page.goto("/search?q=gal")
    hit = page.locator("#hit-customer-1")

    badge, name = hit.locator(".st").bounding_box(), hit.locator(".who").bounding_box()

    assert badge is not None
    assert name is not None
    assert badge["y"] + badge["height"] <= name["y"]


def test_what_has_changed_is_one_press_away_and_back(page: Page) -> None:
    a_fleet()
    page.goto("/")
    expect(page.locator("#since")).to_contain_text("From your next visit on")
    looked()
    page.reload()

    expect(page.locator("#since")).to_have_text(
        "Since you last looked, 6 h ago: 2 went down 2 new warnings 1 recovered: Gál Mihály 0 See changes"
    )
    page.get_by_role("link", name="See changes").click()
    expect(page.locator("[data-row]")).to_have_count(5)
    page.wait_for_url(lambda url: url.endswith("/?show=changed"))
    page.get_by_role("link", name="Show all").click()
    expect(page.locator("[data-row]")).to_have_count(12)


def test_where_rows_are_cards_a_menu_sorts(new_page: NewPage) -> None:
    a_fleet()
    page = new_page(width=390)
    page.goto("/")
    page.locator("#sorts summary").click()
    page.locator("#sorts").get_by_role("link", name="Disk").click()

    expect(page.get_by_role("status")).to_contain_text("sorted by Disk, highest first")
    expect(page.locator("#sorts")).not_to_have_attribute("open", "")
    expect(page.locator("#sorts summary")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Status")).to_be_in_viewport()


@pytest.mark.parametrize("path", ["/", "/?cols=-", "/?cols=cpu,backup,events"])
def test_no_width_and_no_size_of_letters_scrolls_sideways(new_page: NewPage, path: str) -> None:
    a_fleet()
    page = new_page()
    page.goto(path)
    looked()
    page.reload()
    found = {}
    for letters in (16, 32):
        session = page.context.new_cdp_session(page)
        session.send("Page.setFontSizes", {"fontSizes": {"standard": letters, "fixed": letters - 3}})
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            cut = page.evaluate("""() => [...document.querySelectorAll(".tw")].some(
                (part) => part.scrollWidth > part.clientWidth)""")
            # With letters twice as large on a phone, the list may scroll in its own region.
            found[letters, width] = (overflow(page), cut and (letters == 16 or width > 390))

    assert {place: seen for place, seen in found.items() if seen != (0, False)} == {}


def test_nobody_is_kept_out(page: Page) -> None:
    found = []

    def look_at(state: str, path: str) -> None:
        page.goto(path)
        found.extend(unsound(page, state))

    look_at("overview-empty", "/")
    a_fleet()
    look_at("overview-first", "/")
    looked()
    look_at("overview-changes", "/")
    look_at("overview-sorted", "/?sort=disk&cols=cpu,disk,events")
    look_at("overview-nothing", "/?q=zzz")
    look_at("search-hits", "/search?q=a")
    look_at("search-nothing", "/search?q=zzz")
    look_at("search-empty", "/search")
    for width, menu in ((1440, "#columns"), (390, "#sorts")):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/")
        page.locator(f"{menu} summary").click()
        found += unsound(page, f"overview-menu{menu.replace('#', '-')}")

    assert found == []


def test_forced_colours_keep_shapes_and_words(new_page: NewPage) -> None:
    a_fleet()
    page = new_page(forced_colors="active")
    page.goto("/")

    assert axe_violations(page) == []
    expect(page.locator("#c-papp .st")).to_have_css("border-top-style", "solid")
    save_screenshot(page, "overview-forced-colours")


def test_what_boxes_write_stays_text(page: Page) -> None:
    for number, text in enumerate(HOSTILE):
        report(f"h{number}", customer_name=text, controller_version=text, health={"status": "fail", "issues": [text]},
               storage=[{"name": text, "path": "/", "percent": 97}])  # fmt: skip
    Customer.objects.update(town=HOSTILE[1][:100])
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))

    for path in ("/", "/?sort=controller", "/?q=%3Cscript%3Ealert(1)%3C/script%3E", "/search?q=h", "/search?q=%22%3E"):
        page.goto(path)
        assert overflow(page) == 0
        assert page.locator("main img, main script").count() == 0

    page.goto("/")
    expect(page.get_by_role("link", name=HOSTILE[0])).to_be_visible()


def test_that_a_server_cannot_be_rebuilt_is_a_line_below_its_backup(page: Page) -> None:
    a_fleet()
    make_check(Customer.objects.get(customer_id="well0"), "nuuuy")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/?show=unrecoverable")
        (told,) = [each for each in page.get_by_text("cannot be rebuilt", exact=True).all() if each.is_visible()]
        box = told.bounding_box()
        assert box is not None
        assert (box["height"] < 40, overflow(page)) == (True, 0), width
